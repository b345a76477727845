import { configDefaults, defineConfig } from 'vitest/config'
import { slowTests } from './test/slow.ts'
import { QuietReporter } from './test/support/reporter.ts'

/** `npm test`: what tells in three minutes whether a change is right. `npm run test:all` has the rest. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...slowTests],
    reporters: [new QuietReporter()],
    // Advice about the speed of Vitest itself.
    experimental: { diagnostics: false },
    // Properties and fuzzing take seconds; a busy machine makes that many.
    testTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts'],
      reporter: ['json-summary'],
      thresholds: { branches: 95 },
    },
  },
})
