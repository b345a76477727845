import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CertificateRequest, createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { type FaultName, faults, guarded, showsToken } from '../faults/faults.ts'
import { annotationOf } from '../support/annotation.ts'
import { type Behaviour, FaultyProxy } from '../support/faulty-proxy.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { freePort } from './free-port.ts'
import { gatewayAnswer } from './gateway-answer.ts'
import { guard, inWorld, namespace, pods, register, until, webhookOf } from './registration.ts'
import { token, WebhookServer } from './webhook-server.ts'

const hourMs = 3_600_000
const embedded = {
  webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'AWS' } },
  function: { profile: 'flyte2', callers: { publicEndpoint: 'accepted' } },
}
const policies = ['Fail', 'Ignore'] as const

/** How to simulate a fault. */
interface Play {
  readonly url: string
  /** PEM. The default is the test server's. */
  readonly caBundle?: string
  readonly timeoutSeconds?: number
  /** How Secrets Manager behaves. */
  readonly store?: Behaviour
}

describe.skipIf(assets === undefined || !isMotoInstalled)('what a user sees when', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let moto: Moto
  let proxy: FaultyProxy
  let plays: Record<FaultName, Play>
  const strangers: Server[] = []
  let lastName = 0

  /** Starts a server that presents a different certificate from `WebhookServer`, and returns its bundle. */
  const showing = async (
    request: Partial<CertificateRequest>,
  ): Promise<{ url: string; caBundle: string }> => {
    const now = Date.now()
    const { ca, cert, key } = await createCertificateChain({
      dnsNames: [],
      ipAddresses: ['127.0.0.1'],
      notBefore: new Date(now - hourMs),
      notAfter: new Date(now + hourMs),
      authorityNotAfter: new Date(now + 2 * hourMs),
      ...request,
    })
    const server = createServer({ cert, key }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    strangers.push(server)
    const { port } = server.address() as AddressInfo
    return { url: `https://127.0.0.1:${port}/local/${token}/mutate--v1-pod`, caBundle: ca }
  }

  const playAll = async (): Promise<Record<FaultName, Play>> => {
    const now = Date.now()
    const at = (name: string): string => webhooks.urlOf(name)
    const expired = await showing({ notBefore: new Date(now - 2 * hourMs), notAfter: new Date(now - hourMs) })
    const early = await showing({ notBefore: new Date(now + hourMs) })
    const named = await showing({ dnsNames: ['hooks.example.com'], ipAddresses: [] })
    const stranger = await showing({})
    return {
      away: { url: at('k8s').replace(/:\d+/, `:${await freePort()}`) },
      cut: { url: at('cut') },
      silent: { url: at('silent') },
      expired,
      early,
      stranger: { url: stranger.url },
      named: { ...named, url: named.url.replace('127.0.0.1', 'localhost') },
      retired: { url: at('k8s').replace(token, 'x'.repeat(43)) },
      crashed: { url: at('crashed') },
      // The API server repeats the call ten times, one second apart.
      throttled: { url: at('throttled'), timeoutSeconds: 15 },
      storeCutOff: { url: at('embedded'), store: { kind: 'reset' } },
      storeSlow: { url: at('embedded'), store: { kind: 'hang', after: 'request' } },
      storeThrottled: {
        url: at('embedded'),
        store: { kind: 'error', status: 400, type: 'ThrottlingException' },
      },
      storeDenied: {
        url: at('embedded'),
        store: { kind: 'error', status: 400, type: 'AccessDeniedException' },
      },
      missing: { url: at('embedded'), store: { kind: 'pass' } },
    }
  }

  /** Simulates the faults outside the functions. */
  const gateway = async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    switch (request.url?.split('/')[1]) {
      case 'cut':
        await buffer(request)
        request.socket.destroy()
        return true
      case 'silent':
        return true
      case 'crashed':
        gatewayAnswer(response, 'INTEGRATION_FAILURE')
        return true
      case 'throttled':
        gatewayAnswer(response, 'THROTTLED')
        return true
      default:
        return false
    }
  }

  beforeAll(async () => {
    ;[api, webhooks, moto] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      Moto.start(),
    ])
    proxy = await FaultyProxy.start(moto.port)
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    const aws = { endpoint: proxy.endpoint }
    await webhooks.deploy('k8s', { sections: {} })
    const sections = { ...embedded, function: { ...embedded.function, aws } }
    await webhooks.deploy('embedded', { sections, environment: awsEnvironment })
    webhooks.gateway = gateway
    plays = await playAll()
    const registered = Object.entries(plays).flatMap(([name, { url, caBundle, timeoutSeconds = 2 }]) =>
      policies.map((failurePolicy) => ({
        ...webhookOf({ name: worldOf(name, failurePolicy), url, caBundle: caBundle ?? webhooks.caBundle }),
        failurePolicy,
        timeoutSeconds,
      })),
    )
    const probe = webhookOf({ name: 'probe', url: webhooks.urlOf('k8s'), caBundle: webhooks.caBundle })
    await register(api, 'flyte-pod-webhook', [...registered, probe])
    await until('the registration is active', async () => {
      await api.send('POST', `${pods}?dryRun=All`, podIn('probe'))
      return webhooks.calls.has('k8s')
    })
  })

  afterAll(async () => {
    for (const server of strangers) server.close()
    proxy.stop()
    await Promise.all([api.stop(), webhooks.stop(), moto.stop()])
  })

  const worldOf = (name: string, policy: string): string => `${name}-${policy}`.toLowerCase()

  const podIn = (world: string): Json => {
    const name = `pod-${++lastName}`
    const secret = { key: 'password', mount_requirement: 'ENV_VAR' }
    const labels = { organization: 'org', domain: 'development', project: 'flytesnacks' }
    const metadata = {
      name,
      namespace,
      labels: { 'inject-flyte-secrets': 'true', ...labels },
      annotations: { 'flyte.secrets/s0': annotationOf(secret) },
    }
    const spec = { containers: [{ name: 'main', image: 'image' }] }
    return inWorld({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, world)
  }

  const urlTokenOf = (url: string): string => url.split('/').at(-2) ?? ''

  const isStored = async ({ metadata }: Json): Promise<boolean> =>
    (await api.send('GET', `${pods}/${metadata.name}`)).status === 200

  const names = Object.keys(faults) as FaultName[]
  it.each(names.map((name) => ({ name, ...faults[name] })))('$what', async ({ name, ...fault }) => {
    proxy.behaviour = plays[name].store ?? { kind: 'pass' }
    const refused = podIn(worldOf(name, 'Fail'))
    const under = podIn(worldOf(name, 'Ignore'))
    const [{ stderr }, { status, json }] = await Promise.all([
      api.kubectl(['create', '-f', '-'], JSON.stringify(refused)),
      api.send('POST', pods, under),
    ])
    expect(masked(stderr)).toBe(fault.message)
    expect(stderr.includes(urlTokenOf(plays[name].url))).toBe(showsToken(fault))
    expect(await isStored(refused)).toBe(false)
    expect(status === 201 ? 'created without secrets' : 'refused too').toBe(fault.ignored)
    if (status === 201) expect(json.spec.containers[0]).not.toHaveProperty('env')
  })

  it('a guard refuses a pod without its secrets', async () => {
    await guard(api)
    const create = () => api.kubectl(['create', '-f', '-'], JSON.stringify(podIn(worldOf('away', 'Ignore'))))
    await until('the guard is active', async () => (await create()).status !== 0)
    const { stderr } = await create()
    expect(masked(stderr)).toBe(guarded.message)
    expect(stderr).not.toContain(token)
  })
})

/** Masks the parts of a kubectl message that differ between runs. */
const masked = (stderr: string): string =>
  stderr
    .trimEnd()
    .replace('error when creating "STDIN": ', '')
    .replace(/"[\w-]+\.(flyte-pod-webhook\.flyte\.org)"/g, '"$1"')
    .replace(/https:\/\/(?:127\.0\.0\.1|localhost):\d+\/[\w-]+\//g, 'https://<host>/<cluster>/')
    .replace(/pods "pod-\d+"/, 'pods "<pod>"')
    .replace('not localhost', 'not <host>')
    .replaceAll(token, '<token>')
    .replace(/\?timeout=\d+s/g, '?timeout=<n>s')
    .replace(/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
