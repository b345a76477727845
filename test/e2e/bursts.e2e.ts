import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { bundleOf, type Certificates, pemOf } from '../../infra/certs/certificates.ts'
import { activateRotation, createCertificates, prepareRotation } from '../../infra/certs/rotation.ts'
import { registrationRef } from '../../infra/registration/registration.ts'
import { createCallerToken } from '../../infra/tokens/caller-token.ts'
import { withFirst, withoutOne, withSecond } from '../../infra/tokens/slots.ts'
import { createAll, type Creation, type PodKind, settle } from '../load/burst.ts'
import { burstEnvironment, burstPod, kindOfBurstPod } from '../load/burst-pod.ts'
import { flyteWebhook } from '../support/command.ts'
import { type Behaviour, FaultyProxy } from '../support/faulty-proxy.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'
import { podAsking } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, unregister, until, webhookOf } from './registration.ts'
import { type ServerPair, WebhookServer } from './webhook-server.ts'

const count = 200
const registration = 'of-bursts'
/** An outcome in which every pod is served. */
const allServed = (served: number) => ({ served, untouched: 0, wrong: 0, refused: 0, lost: 0 })

describe.skipIf(assets === undefined)('a burst of pods', { timeout: 60_000 }, () => {
  let api: ApiServer
  let webhooks: WebhookServer

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
  })
  afterEach(async () => {
    await api.send('DELETE', `${pods}?gracePeriodSeconds=0`)
  })
  afterAll(() => Promise.all([api.stop(), webhooks.stop()]))

  /** Registers a function under both policies, for pods of the worlds `fail` and `ignore`. */
  const registerBoth = async (name: string): Promise<void> => {
    const { caBundle } = webhooks
    const registered = (['Fail', 'Ignore'] as const).map((failurePolicy) => ({
      ...webhookOf({ name: failurePolicy.toLowerCase(), url: webhooks.urlOf(name), caBundle }),
      failurePolicy,
    }))
    await register(api, registration, registered)
    webhooks.calls.clear()
    await until('the registration is active', async () => {
      await api.send('POST', `${pods}?dryRun=All`, inWorld(burstPod(0), 'fail'))
      return webhooks.calls.has(name)
    })
  }

  /** Creates pods, 16 at a time, and runs `what` once `after` of them are done. */
  const burst = async (
    all: IterableIterator<Json>,
    happening: { readonly after: number; readonly what: () => Promise<void> },
  ) => {
    const reached = Promise.withResolvers<void>()
    const onDone = (done: number): void => {
      if (done === happening.after) reached.resolve()
    }
    const [made] = await Promise.all([
      createAll(api, all, { path: pods, atOnce: 16, onDone }),
      reached.promise.then(happening.what),
    ])
    return made
  }
  const podsOf = (policy: 'fail' | 'ignore') =>
    Array.from({ length: count }, (_, index) => inWorld(burstPod(index), policy))

  describe('while the function fails', () => {
    beforeAll(async () => {
      await webhooks.deploy('burst', { sections: {}, environment: burstEnvironment })
      await registerBoth('burst')
    })
    afterAll(() => unregister(api, registration))

    const away = async (): Promise<void> => {
      await webhooks.unplug()
      await sleep(300)
      await webhooks.listen()
    }
    const crash = async (): Promise<void> => {
      for (let times = 0; times < 3; times++) await webhooks.crash('burst')
    }

    it.each([
      { what: 'its server stops and restarts', play: away, message: /: Post "https:.*": .*$/ },
      {
        what: 'its process is killed three times',
        play: crash,
        message: /failed to call webhook: flyte-webhook: the function did not answer: try again$/,
      },
    ])(
      'stores no pod without secrets under Fail, and stores all when they are sent again: $what',
      async ({ play, message }) => {
        const all = podsOf('fail')
        const first = await burst(all.values(), { after: 60, what: play })
        const refused = new Map(first.creations.filter(isRefused).map((one) => [one.name, one.message]))
        expect(refused.size).toBeGreaterThan(0)
        for (const said of refused.values()) expect(said).toMatch(message)
        const outcome = await settle(api, first, pods, kindOfBurstPod)
        expect(outcome).toEqual({ ...allServed(count - refused.size), refused: refused.size })
        const again = all.filter(({ metadata }) => refused.has(metadata.name))
        const second = await createAll(api, again.values(), { path: pods, atOnce: 16 })
        expect(await settle(api, second, pods, kindOfBurstPod)).toEqual(allServed(refused.size))
      },
    )

    it.each([
      { what: 'its server stops and restarts', play: away },
      { what: 'its process is killed three times', play: crash },
    ])('loses no pod under Ignore, and stores some without secrets: $what', async ({ play }) => {
      const made = await burst(podsOf('ignore').values(), { after: 60, what: play })
      const outcome = await settle(api, made, pods, kindOfBurstPod)
      expect(outcome).toEqual({ ...allServed(count - outcome.untouched), untouched: outcome.untouched })
      expect(outcome.untouched).toBeGreaterThan(0)
    })
  })

  describe.skipIf(!isMotoInstalled)('while Secrets Manager fails', () => {
    let moto: Moto
    let proxy: FaultyProxy
    /** The versions that the stored pods hold. */
    let versions: Set<string>
    let version = 0

    beforeAll(async () => {
      moto = await Moto.start()
      proxy = await FaultyProxy.start(moto.port)
      await moto.call('CreateSecret', { Name: 'pair', SecretString: pairOf(version) })
      const globalSecrets = { secretsManager: [{ secretId: 'pair' }], ttlMs: 5 }
      const sections = {
        function: {
          globalSecrets,
          aws: { endpoint: proxy.endpoint },
          callers: { publicEndpoint: 'accepted' },
        },
      }
      // A folder of global secrets is asked first, so each request takes a different time.
      await webhooks.deploy('pair', { sections, environment: awsEnvironment, files: { 'other/key': 'x' } })
      await registerBoth('pair')
    })
    beforeEach(() => {
      proxy.reset()
      versions = new Set()
    })
    afterAll(async () => {
      await unregister(api, registration)
      proxy.stop()
      await moto.stop()
    })

    const pairOf = (of: number): string => JSON.stringify({ user: `user-${of}`, password: `password-${of}` })
    const podsWithPairs = (length: number) => Array.from({ length }, (_, index) => pairPod(index)).values()

    const kindOfPair = ({ spec }: Json): PodKind => {
      const { env = [] } = spec.containers[0]
      const [user, password] = ['user', 'password'].map(
        (key): string | undefined =>
          env.find(({ name }: Json) => name === `_FSEC_PAIR_${key.toUpperCase()}`)?.value,
      )
      if (user === undefined && password === undefined) return 'untouched'
      const of = user?.replace('user-', '') ?? ''
      versions.add(of)
      return password === `password-${of}` ? 'served' : 'wrong'
    }

    it('gives each pod both values of one version while the secret keeps rotating', async () => {
      const rotate = async (): Promise<void> => {
        for (let times = 0; times < 50; times++)
          await moto.call('PutSecretValue', { SecretId: 'pair', SecretString: pairOf(++version) })
      }
      const made = await burst(podsWithPairs(count), { after: 50, what: rotate })
      expect(await settle(api, made, pods, kindOfPair)).toEqual(allServed(count))
      expect(versions.size).toBeGreaterThan(1)
      await sleep(100)
      versions.clear()
      const after = await createAll(api, podsWithPairs(1), { path: pods, atOnce: 1 })
      expect(await settle(api, after, pods, kindOfPair)).toEqual(allServed(1))
      expect([...versions]).toEqual([String(version)])
    })

    it.each<{ what: string; store: Behaviour }>([
      { what: 'cut off', store: { kind: 'reset' } },
      { what: 'slow', store: { kind: 'pass', afterMs: 700 } },
      { what: 'throttled', store: { kind: 'error', status: 400, type: 'ThrottlingException' } },
      { what: 'down', store: { kind: 'error', status: 500, type: 'InternalServiceError' } },
    ])('keeps using its values while it is $what', async ({ store }) => {
      const fail = async (): Promise<void> => {
        proxy.behaviour = store
        // Past the time to live.
        await sleep(100)
      }
      const made = await burst(podsWithPairs(count), { after: 50, what: fail })
      expect(await settle(api, made, pods, kindOfPair)).toEqual(allServed(count))
      expect([...versions]).toEqual([String(version)])
      expect(proxy.requests).toBeGreaterThan(1)
    })
  })

  it('refuses no pod while certificate and token are rotated', async () => {
    const now = new Date()
    const [cluster, first, second] = [
      'rotated',
      createCallerToken(randomBytes),
      createCallerToken(randomBytes),
    ]
    const folder = await mkdtemp(join(tmpdir(), 'rotated-'))
    onTestFinished(async () => {
      webhooks.gateway = () => false
      await unregister(api, registrationRef.metadata.name)
      await rm(folder, { recursive: true })
    })
    let certificates = await createCertificates(certificateWish, now)
    const deploy = (callerTokenSha256: string) =>
      webhooks.deploy(cluster, { sections: {}, environment: burstEnvironment, callerTokenSha256 })
    const registerAgain = async (ofCaller: { readonly token: string }): Promise<void> => {
      const bundle = join(folder, 'ca.pem')
      await writeFile(bundle, bundleOf(certificates.authorities))
      const url = ['--url', webhooks.baseUrl, '--cluster', cluster, '--ca-bundle', bundle]
      const env = { KUBECONFIG: await api.kubeconfig(), FLYTE_WEBHOOK_TOKEN: ofCaller.token }
      expect(await flyteWebhook(['register', ...url], { env })).toMatchObject({ status: 0 })
      // Until every API server uses it.
      await sleep(1000)
    }
    // Every call needs a new handshake.
    webhooks.gateway = (_, response) => {
      response.setHeader('connection', 'close')
      return false
    }
    webhooks.show(shownOf(certificates))
    const one = withFirst({ configured: {}, parameter: '' }, cluster, first.sha256)
    const both = withSecond({ configured: {}, parameter: one }, cluster, second.sha256)
    await deploy(one)
    await registerAgain(first)

    let isDone = false
    const rotate = async (): Promise<void> => {
      ;({ certificates } = await prepareRotation(certificates, { wish: {}, force: true, now }))
      await deploy(both)
      await registerAgain(second)
      webhooks.show(shownOf(({ certificates } = activateRotation(certificates, now)).certificates))
      await deploy(withoutOne({ configured: {}, parameter: both }, cluster, undefined))
    }
    let made = 0
    const untilDone = function* () {
      // Creates `count` more pods after the rotation.
      for (let left = count; left > 0; left -= isDone ? 1 : 0) yield burstPod(made++)
    }
    const result = await burst(untilDone(), {
      after: 50,
      what: () => rotate().finally(() => (isDone = true)),
    })
    expect(result.creations.filter(isRefused)).toEqual([])
    expect(await settle(api, result, pods, kindOfBurstPod)).toEqual(allServed(made))
  })
})

const isRefused = ({ status }: Creation): boolean => status !== 201

const certificateWish = {
  names: { dnsNames: [], ipAddresses: ['127.0.0.1'] },
  algorithm: 'ecdsa',
  validityDays: 30,
  authorityValidityDays: 30,
} as const

const shownOf = ({ current }: Certificates): ServerPair => ({
  cert: current.certificate.toString(),
  key: pemOf(current.key),
})

/** Returns a pod of the world `fail` that asks for both values of the global secret `pair`. */
const pairPod = (index: number): Json => {
  const { metadata, spec } = podAsking(
    ...['user', 'password'].map((key) => ({ group: 'pair', key, mount_requirement: 'ENV_VAR' })),
  )
  return inWorld({ metadata: { ...metadata, name: `pair-${index}` }, spec }, 'fail')
}
