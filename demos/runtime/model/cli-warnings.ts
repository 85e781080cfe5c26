/**
 * What the docker CLI says beside a command's own output: it warns on stderr, of its configuration, a plugin, the old builder or
 * an image's platform, before the command or the container writes anything.
 */
const WARNING = /^(?:WARNING: |DEPRECATED: |WARN\[|time="[^"]*" level=warning )/
/** Goes on with the warning above it. */
const CONTINUATION = /^(?: {4}|\s*$)/

/** An output without the warnings at its beginning. */
export function withoutWarnings(text: string): string {
  if (!WARNING.test(text))
    return text
  const lines = text.split('\n')
  const first = lines.findIndex((line, index) => !WARNING.test(line) && (index === 0 || !CONTINUATION.test(line)))
  return first === -1 ? '' : lines.slice(first).join('\n')
}
