import { defineConfig } from 'vitest/config'
import { QuietReporter } from './test/support/reporter.ts'

/** `npm run test:all`: every test that needs no API server, and properties at full depth. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: [new QuietReporter()],
    // Advice about the speed of Vitest itself.
    experimental: { diagnostics: false },
    env: { PROPERTY_DEPTH: 'full' },
    testTimeout: 120_000,
  },
})
