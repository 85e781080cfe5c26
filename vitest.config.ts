import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } }, // on a machine that does other things too
    projects: [
      {
        extends: true,
        plugins: [vue()],
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.{engine,own-engine,firefox}.test.ts', 'tests/engine/other-engines.test.ts'],
          maxWorkers: '100%', // Vitest would leave one core of two idle
        },
      },
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['tests/**/*.engine.test.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        }, // they share one engine
      },
      {
        extends: true,
        test: { name: 'own engine', include: ['tests/**/*.own-engine.test.ts'], maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: { name: 'firefox', include: ['tests/**/*.firefox.test.ts'], sequence: { groupOrder: 3 } },
      },
      {
        extends: true,
        test: { name: 'other engines', include: ['tests/engine/other-engines.test.ts'], sequence: { groupOrder: 4 } },
      },
    ],
  },
})
