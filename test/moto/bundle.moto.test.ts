import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bundle } from '../../infra/build/bundle.ts'
import type { createHandler } from '../../lib/gateway/handler.ts'
import { lambdaContext, restEvent } from '../support/events.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'
import { operationsOf } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, podAsking, reviewOf, sha256Hex } from '../support/webhook.ts'

const labels = {
  'inject-flyte-secrets': 'true',
  organization: 'org',
  project: 'flytesnacks',
  domain: 'development',
}
const embedded = (key: string, mountRequirement: number): string => {
  const pod = podAsking({ key, mount_requirement: mountRequirement })
  return reviewOf({ ...pod, metadata: { ...pod.metadata, labels } })
}

describe.skipIf(!isMotoInstalled)('the built function', () => {
  let folder: string
  let moto: Moto
  let proxy: FaultyProxy
  let builds = 0

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bundle-'))
    moto = await Moto.start()
    proxy = await FaultyProxy.start(moto.port)
    const environment = { ...awsEnvironment, CALLER_TOKEN_SHA256: `local=${sha256Hex('token')}` }
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    await moto.call('CreateSecret', { Name: 'db', SecretString: '{"password": "hunter2"}' })
    const scoped = 'u__org__org__domain__development__project__flytesnacks__key__'
    await moto.call('CreateSecret', { Name: `${scoped}openai`, SecretString: 'sk-1' })
  }, 60_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    proxy.stop()
    await moto.stop()
    await rm(folder, { recursive: true })
  })

  /** Builds the function again, which is like starting a new process: each build is a separate module. */
  const started = async (sections: { webhook: object; function?: object }) => {
    const outDir = join(folder, String(builds++))
    const config = configFrom({
      ...sections,
      function: {
        ...sections.function,
        callers: { publicEndpoint: 'accepted' },
        aws: { endpoint: proxy.endpoint },
      },
    })
    await bundle({ config, outDir })
    const { handler }: { handler: Awaited<ReturnType<typeof createHandler>> } = await import(
      join(outDir, 'mutate.mjs')
    )
    const call = async (body: string, timeout = '10s') => {
      const begin = performance.now()
      const answer = await handler(restEvent({ body, timeout }) as never, lambdaContext(20_000))
      return {
        status: answer.statusCode,
        headers: answer.headers,
        json: JSON.parse(answer.body) as Json,
        tookMs: performance.now() - begin,
      }
    }
    return { outDir, call }
  }
  const globalSecrets = {
    allow: [{ groups: ['db'], namespaces: ['*'] }],
    secretsManager: [{ secretId: 'db' }],
  }
  const global = { webhook: { secretManagerType: 'Global' }, function: { globalSecrets } }
  const embeddedAws = {
    webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'AWS' } },
    function: {
      profile: 'flyte1',
      embedded: { allow: [{ organizations: ['*'], projects: ['*'], domains: ['*'] }] },
    },
  }
  const asksForDb = reviewOf(podAsking({ group: 'db', key: 'password' }))

  it('has the AWS SDK in a separate file', async () => {
    const { outDir } = await started(global)
    expect((await readdir(outDir)).toSorted()).toEqual([
      'LICENCES.txt',
      'aws-sdk.cjs',
      'aws-sdk.cjs.map',
      'mutate.cjs',
      'mutate.cjs.map',
      'mutate.mjs',
    ])
  })

  it('fetches global secrets while it starts', async () => {
    const { call } = await started(global)
    proxy.behaviour = { kind: 'reset' }
    const { json, tookMs } = await call(asksForDb)
    proxy.reset()
    expect(JSON.stringify(operationsOf(json))).toContain('"value":"hunter2"')
    expect(tookMs).toBeLessThan(300)
  })

  it('answers 503 in time if it starts while the store is down, and serves the next call', async () => {
    proxy.behaviour = { kind: 'reset' }
    const { call } = await started(global)
    const down = await call(asksForDb, '2s')
    proxy.reset()
    expect(down).toMatchObject({ status: 503, json: { kind: 'Status', code: 503 } })
    expect(down.tookMs).toBeLessThan(2_000)
    expect(JSON.stringify(down)).not.toContain('hunter2')
    const { json } = await call(asksForDb)
    expect(JSON.stringify(operationsOf(json))).toContain('"value":"hunter2"')
  })

  it('keeps using its value while the store is down', async () => {
    const { call } = await started({
      ...global,
      function: { globalSecrets: { ...globalSecrets, ttlMs: 1000 } },
    })
    proxy.behaviour = { kind: 'reset' }
    await sleep(1_000)
    const { json, tookMs } = await call(asksForDb)
    proxy.reset()
    expect(JSON.stringify(operationsOf(json))).toContain('"value":"hunter2"')
    expect(tookMs).toBeLessThan(1_000)
  })

  it('provides an embedded secret as a variable and as a file', async () => {
    const { call } = await started(embeddedAws)
    const variable = await call(embedded('openai', 1))
    expect(JSON.stringify(operationsOf(variable.json))).toContain('"value":"sk-1"')
    const file = await call(embedded('openai', 2))
    expect(JSON.stringify(operationsOf(file.json))).toContain(Buffer.from('sk-1').toString('base64'))
  })

  it('denies a pod whose embedded secret is in no scope', async () => {
    const { call } = await started(embeddedAws)
    const { status, json } = await call(embedded('missing', 1))
    expect(status).toBe(200)
    expect(json.response.allowed).toBe(false)
  })
})
