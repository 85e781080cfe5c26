export const KINDS = ['이미지', '컨테이너', '네트워크', '볼륨'] as const

/** One thing of the ledger. */
export interface LedgerEntry {
  kind: typeof KINDS[number]
  name: string
  demo: string
  /** What removing it frees on the engine's disk, in bytes; null where the engine does not say. */
  bytes: number | null
}

/** Bytes as the docker CLI writes them. */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toPrecision(3)} ${['', 'k', 'M', 'G', 'T'][power]}B`
}

/** How many of each kind, and what all cost, as one Korean line; what costs nothing known is not added. */
export function ledgerText(ledgerEntries: readonly LedgerEntry[]): string {
  if (ledgerEntries.length === 0)
    return '이 강의가 만든 것이 없습니다.'
  const counts = KINDS.map(kind => [kind, ledgerEntries.filter(each => each.kind === kind).length] as const).filter(([, count]) => count > 0)
  return `${counts.map(([kind, count]) => `${kind} ${count}개`).join(', ')} · 디스크 ${sizeText(ledgerEntries.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))}`
}
