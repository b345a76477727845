import { configDefaults, defineConfig } from 'vitest/config'
import { slowTests } from './test/slow.ts'
import { QuietReporter } from './test/support/reporter.ts'

/** `npm test`: the tests that check a change in three minutes. `npm run test:all` runs the rest. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slowTests],
    reporters: [new QuietReporter()],
    // Advice about the speed of Vitest itself.
    experimental: { diagnostics: false },
    // Properties and fuzzing take seconds, and much longer on a busy machine.
    testTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts'],
      reporter: ['json-summary'],
      thresholds: { branches: 95 },
    },
  },
})
