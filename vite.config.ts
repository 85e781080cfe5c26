import type { Plugin, Rolldown } from 'vite'
import { defineConfig } from 'vite'
import { checkedDemos } from './demos/runtime/server/checked-demos.ts'
import { koreanControls } from './demos/runtime/server/korean-controls.ts'

export default defineConfig({
  optimizeDeps: {
    // Found only when a panel or an editor is first shown, they would reload the page in front of an audience.
    include: [
      'anser', '@codemirror/commands', '@codemirror/language', '@codemirror/legacy-modes/mode/dockerfile',
      '@codemirror/legacy-modes/mode/shell', '@codemirror/view', '@lezer/highlight', '@xterm/addon-fit',
      '@xterm/xterm', 'dockerfile-ast', 'dockerfile-ast/lib/util.js', 'ohash', 'uqr',
    ],
    exclude: ['v86'], // a module of its own, only ever loaded by the engine's worker
  },
  plugins: [checkedDemos(), koreanControls(), firstSlide()],
  worker: { format: 'es' },
  build: {
    // Servers of files keep names that begin with a dot to themselves: a demo's .dockerignore would not be found.
    rollupOptions: { output: { chunkFileNames: ({ name }) => `assets/${name.replace(/^\.+/, '')}-[hash].js` } },
  },
})

/**
 * Names in the site's page all that the first slide needs. Slidev imports it in three waves, each of which finds the
 * next only when it has run: over a hall's network, and on a busy machine, each costs as much as the first.
 */
function firstSlide(): Plugin {
  return {
    name: 'docker-basics:first-slide',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const needed = new Set<Rolldown.OutputChunk>()
        const need = (chunk: Rolldown.OutputAsset | Rolldown.OutputChunk | undefined): void => {
          if (chunk?.type !== 'chunk' || needed.has(chunk))
            return
          needed.add(chunk)
          chunk.imports.forEach(name => need(bundle[name]))
        }
        Object
          .values(bundle)
          .filter(each => each.type === 'chunk' && /client\/pages\/play\.vue$|slides\/1\/md$/.test(each.facadeModuleId ?? ''))
          .forEach(need)
        const styles = [...needed].flatMap(({ viteMetadata }) => [...viteMetadata?.importedCss ?? []])
        return [
          ...[...needed].map(({ fileName }) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `./${fileName}` },
          })),
          ...[...new Set(styles)].map(fileName => ({
            tag: 'link',
            attrs: { rel: 'stylesheet', crossorigin: true, href: `./${fileName}` },
          })),
        ].filter(({ attrs }) => !html.includes(attrs.href))
      },
    },
  }
}
