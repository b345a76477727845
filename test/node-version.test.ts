import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'

it('runs on the Node of the Lambda runtime that serverless.yml names', async () => {
  const service = await readFile(new URL('../serverless.yml', import.meta.url), 'utf8')
  const [, major] = /runtime: nodejs(\d+)\.x/.exec(service) ?? []
  expect(major).toBe('24')
  expect(process.versions.node).toMatch(/^24\./)
})
