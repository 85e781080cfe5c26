import { defineConfig } from 'vite'

export default defineConfig({
  optimizeDeps: {
    // Found only when a panel or an editor is first shown, they would reload the page in front of an audience.
    include: ['anser', '@codemirror/commands', '@codemirror/language', '@codemirror/legacy-modes/mode/dockerfile', '@codemirror/legacy-modes/mode/shell', '@codemirror/view', '@lezer/highlight', '@xterm/addon-fit', '@xterm/xterm', 'uqr'],
    exclude: ['v86'], // a module of its own, only ever loaded by the engine's worker
  },
  worker: { format: 'es' },
})
