import type { TypedFlatConfigItem } from '@antfu/eslint-config'
import antfu from '@antfu/eslint-config'

/** A message or a pattern that fills a line of its own stays whole: it is what one searches for. */
const longLines = { code: 140, ignoreUrls: true, ignorePattern: /(['"`])(?:(?!\1).){90,}\1|\/(?:\\.|[^/]){60,}\//.source }

/** The rooms of the runtime: each may import those before it, none those after it. */
const rooms = ['model', 'run', 'browser', 'engine', 'browser-engine', 'client', 'server', 'pages']
const noWayBack = rooms.map((room, index): TypedFlatConfigItem => ({
  files: [`demos/runtime/${room}/**`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        { group: ['**/commands/*', '**/components/**', '**/tests/**'], message: 'These import the runtime.' },
        ...rooms.slice(index + 1).map(later => ({ group: [`../${later}/*`], message: `${later}/ comes after ${room}/.` })),
        ...room === 'model' ? [{ group: ['node:*', 'vue', '@vueuse/*'], message: 'model/ runs anywhere.' }] : [],
      ],
    }],
  },
}))

export default antfu({
  typescript: true,
  vue: true,
  markdown: true,
  ignores: ['dist', 'tests/fixtures/builder-logs', '**/*.cast', '**/*.local.*'],
}, {
  rules: {
    'antfu/reasonable-newline': 'off', // it breaks every short literal over many lines
    'antfu/consistent-list-newline': ['error', { ArrayExpression: false, CallExpression: false }], // an argument list fills its lines
  },
}, {
  // Slidev's Markdown: front matter, components and notes that a linter of plain Markdown mistakes.
  files: ['slides.md', 'pages/*.md'],
  rules: {
    'markdown/no-missing-label-refs': 'off',
    'markdown/heading-increment': 'off',
    'markdown/no-multiple-h1': 'off',
  },
}, {
  files: ['**/*.ts'],
  rules: { 'style/max-len': ['error', longLines] },
}, {
  files: ['**/*.vue'],
  rules: {
    // In a template's text a line's end would be a space.
    'vue/max-len': ['error', {
      ...longLines,
      template: longLines.code,
      ignoreHTMLTextContents: true,
      ignorePattern: `${longLines.ignorePattern}|\\{\\{`,
    }],
  },
}, {
  files: ['demos/commands/**', 'demos/runtime/browser-engine/save.ts', 'tests/**'],
  rules: { 'no-console': 'off', 'antfu/no-top-level-await': 'off' },
}, ...noWayBack)
