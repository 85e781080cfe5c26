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
  plugins: [checkedDemos(), koreanControls()],
  worker: { format: 'es' },
  build: {
    rollupOptions: {
      output: {
        // Servers of files keep names that begin with a dot to themselves: a demo's .dockerignore would not be found.
        chunkFileNames: ({ name }) => `assets/${name.replace(/^\.+/, '')}-[hash].js`,
        // All that the first slide needs comes in one file. Slidev imports it in three waves and forty files, each wave of which
        // is found only when the one before has run.
        codeSplitting: { groups: [{ name: 'first-slide', test: /index\.html$|client\/pages\/play\.vue$|slides\/1\/md$/ }] },
      },
    },
  },
})
