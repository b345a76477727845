import { describe, expect, it } from 'vitest'
import { createCallerCheck } from '../../lib/caller/caller.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import { configFrom, podAsking, reviewOf, sha256Hex, webhookIn } from '../support/webhook.ts'

const secret = { group: 'db', key: 'password' }

/** Creates a webhook that accepts any token and knows the token of the cluster `blue`. */
const open = () =>
  webhookIn({
    config: configFrom({
      webhook: { secretManagerType: 'Global' },
      function: { globalSecrets: { allow: [{ groups: ['db'], namespaces: ['*'], clusters: ['*'] }] } },
    }),
    environment: { FLYTE_SECRET_DB_PASSWORD: 'v' },
    identifyCaller: createCallerCheck({ tokenSha256: { blue: [sha256Hex('known')] }, anonymous: true }),
  })

const post = async ({ webhook }: ReturnType<typeof open>, cluster: string, token: string) => {
  const path = `/${cluster}/${token}/mutate--v1-pod`
  const readBody = () => reviewOf(podAsking(secret))
  const request = { method: 'POST', path, contentType: 'application/json', readBody }
  const { status, body } = await webhook(request, new AbortController().signal)
  return { status, allowed: JSON.parse(body).response?.allowed }
}

describe('if any token is accepted', () => {
  it.each([
    { who: 'with a known token', cluster: 'blue', token: 'known', name: 'blue', allowed: true },
    { who: 'with another token', cluster: 'blue', token: 'other', name: undefined, allowed: false },
    { who: 'with another name', cluster: 'green', token: 'known', name: undefined, allowed: false },
  ])(
    'a caller $who has the cluster $name in rules and the log',
    async ({ cluster, token, name, allowed }) => {
      const world = open()
      expect(await post(world, cluster, token)).toEqual({ status: 200, allowed })
      expect(world.records[0]?.cluster).toBe(name)
    },
  )

  it('callers add no dimension to a metric', async () => {
    const world = open()
    for (let call = 0; call < 100; call++) await post(world, `cluster-${call}`, `token-${call}`)
    const dimensions = world.records.map(
      (record) => JSON.parse(logLine(record, 0))['_aws'].CloudWatchMetrics[0].Dimensions,
    )
    expect(new Set(dimensions.map((each) => JSON.stringify(each)))).toEqual(new Set(['[["function"]]']))
    expect(world.records.map((record) => logLine(record, 0)).join('')).not.toContain('cluster-')
  })

  it.each(['Blue', 'blue_1', 'blue.1', 'b'.repeat(64), 'bl%75e'])(
    'a cluster called %s gets the same 404 as anything unknown',
    async (cluster) => {
      expect(await post(open(), cluster, 'known')).toEqual({ status: 404, allowed: undefined })
    },
  )
})
