import { describe, expect, it } from 'vitest'
import { managerChecks } from '../../lib/manager-testing/checks.ts'
import { aws } from '../../lib/managers/aws.ts'
import { azure } from '../../lib/managers/azure.ts'
import { csi } from '../../lib/managers/csi.ts'
import { gcp } from '../../lib/managers/gcp.ts'
import { k8s } from '../../lib/managers/k8s.ts'
import { vault } from '../../lib/managers/vault.ts'

const group = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'

/** `Global` and `Embedded` wait for stores and return promises, so they are missing here. */
const tried = [
  ...managerChecks(k8s),
  ...managerChecks(aws, { request: { group } }),
  ...managerChecks(aws, { request: { group }, options: { fetcher: 'cli' } }),
  ...managerChecks(gcp),
  ...managerChecks(gcp, { options: { defaultVersion: 'latest' } }),
  ...managerChecks(azure),
  ...managerChecks(vault),
  ...managerChecks(csi),
]

describe('a manager of this project passes the checks of the kit for authors:', () => {
  it.each(tried)('$name', async ({ check }) => {
    await expect(check()).resolves.toBeUndefined()
  })
})
