import { describe, expect, it } from 'vitest'
import { withApiServerDefaults } from '../support/pods.ts'
import { call, reviewOf } from '../support/webhook.ts'
import { worldOf } from './case-world.ts'
import { cases } from './recorded-cases.ts'

/** The recorded pods that this webhook serves without Flyte's, as Flyte's own webhook leaves them. */
const served = cases.flatMap((one) => {
  const pod = one.flyte.same ? one.expect.pod : one.flyte.pod
  return one.expect.allowed === true && pod !== undefined ? [{ one, pod }] : []
})

describe('after Flyte’s own webhook, on the same pod', () => {
  it('serves most pods, and denies those with a conflicting volume or container of Flyte’s', async () => {
    const denials: string[] = []
    for (const { one, pod } of served) {
      const { webhook } = worldOf(one)
      const { json } = await call(webhook, reviewOf(withApiServerDefaults(pod)))
      if (!json.response.allowed) denials.push(json.response.status.message)
    }
    console.log(
      `after Flyte's own webhook: of ${served.length} pods that are served alone, ${denials.length} are denied`,
    )
    expect(served.length).toBeGreaterThan(200)
    expect(denials.length).toBeGreaterThan(0)
    for (const message of denials)
      expect(message).toMatch(/: it mounts its own volume |: the pod has another container of this name$/)
  })
})
