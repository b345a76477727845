/** Tests that need a browser, a package, AWS's API, many processes or a minute. Only `npm run test:all` runs them. */
export const slowTests = [
  'test/build/hostile-pods.test.ts',
  'test/cdk/**',
  'test/cli/**',
  'test/consumers/**',
  'test/kubernetes/cluster.test.ts',
  'test/managers/scripts/**',
  'test/moto/**',
  'test/playground/page.test.ts',
  'test/stack/package.test.ts',
  'test/stack/permissions.test.ts',
  'test/stack/stack.test.ts',
  'test/start/start.test.ts',
  'test/stores/dead-connections.test.ts',
]
