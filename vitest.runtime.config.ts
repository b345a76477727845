import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/runtime/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
