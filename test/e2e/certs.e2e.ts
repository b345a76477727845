import { execFile } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { PlaceConflict } from '../../infra/certs/place.ts'
import { createSecretPlace } from '../../infra/certs/secret-place.ts'
import { connect } from '../../infra/kubernetes/cluster.ts'
import { certs, killedAtEachCall } from '../support/certs-command.ts'
import { opensslVerify } from '../support/certificates.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { shakeHands } from '../support/handshake.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, unregister, until, webhookOf } from './registration.ts'

const world = 'certs'
const secrets = `/api/v1/namespaces/${namespace}/secrets`
const secretPath = `${secrets}/flyte-pod-webhook`
const place = ['--secret', `${namespace}/flyte-pod-webhook`] as const

const allow = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { uid } = ((await json(request)) as Json).request
  const review = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid, allowed: true },
  }
  // Closes the connection, so that the next call needs a new handshake.
  response
    .writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify(review))
}

describe.skipIf(assets === undefined)('flyte-webhook certs, in a Secret', { timeout: 120_000 }, () => {
  let api: ApiServer
  let proxy: FaultyProxy
  let folder: string
  let env: Record<string, string>
  let throughProxy: Record<string, string>
  /** Allows every pod, and serves the latest certificate. */
  let webhook: Server
  let url: string

  beforeAll(async () => {
    api = await ApiServer.start(assets ?? '')
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    const kubeconfig = await api.kubeconfig()
    env = { KUBECONFIG: kubeconfig }
    const config: Json = JSON.parse(await readFile(kubeconfig, 'utf8'))
    proxy = await FaultyProxy.start(Number(new URL(config.clusters[0].cluster.server).port), {
      isSecure: true,
    })
    folder = await mkdtemp(join(tmpdir(), 'certs-e2e-'))
    config.clusters[0].cluster.server = proxy.endpoint
    await writeFile(join(folder, 'kubeconfig'), JSON.stringify(config))
    throughProxy = { KUBECONFIG: join(folder, 'kubeconfig') }
    webhook = createServer((request, response) => void allow(request, response)).listen(0, '127.0.0.1')
    await once(webhook, 'listening')
    url = `https://127.0.0.1:${(webhook.address() as AddressInfo).port}/mutate--v1-pod`
  })
  afterAll(async () => {
    proxy.stop()
    webhook.close()
    await api.stop()
    await rm(folder, { recursive: true })
  })
  beforeEach(() => proxy.reset())
  afterEach(async () => {
    await unregister(api, world)
    await api.send('DELETE', secretPath)
  })

  const init = () => certs(['init', '--url', url, ...place], { env })
  const rotate = (...more: readonly string[]) => certs(['rotate', ...place, ...more], { env })

  const readSecret = async (): Promise<Record<string, string>> => {
    const { data = {} }: Json = (await api.send('GET', secretPath)).json
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString()]),
    )
  }
  const readPair = async () => {
    const { 'ca.crt': ca = '', 'tls.crt': cert = '', 'tls.key': key = '' } = await readSecret()
    return { ca, cert, key }
  }
  const serve = async (): Promise<void> => webhook.setSecureContext(await readPair())
  const registerBundle = (caBundle: string): Promise<void> =>
    register(api, world, [webhookOf({ name: world, url, caBundle })])
  /** Creates a pod that the webhook must see, and returns the API server's answer. */
  const createPod = async (): Promise<string> => {
    const pod = inWorld(
      { metadata: { generateName: 'pod-' }, spec: { containers: [{ name: 'main', image: 'image' }] } },
      world,
    )
    pod.metadata.labels['inject-flyte-secrets'] = 'true'
    const { status, json: answer } = await api.send('POST', `${pods}?dryRun=All`, pod)
    return status === 201 ? 'created' : answer.message
  }
  const untilCreated = () =>
    until('the API server accepts the webhook', async () => (await createPod()) === 'created')

  it('fails no call of the API server while a certificate is rotated', async () => {
    expect(await init()).toMatchObject({ status: 0, stderr: expect.stringContaining('kubectl get secret') })
    const first = await readPair()
    expect(await opensslVerify(first.cert, first.ca, '-verify_ip', '127.0.0.1')).toContain(': OK')
    expect((await api.send('GET', secretPath)).json.type).toBe('kubernetes.io/tls')
    await serve()
    await registerBundle(first.ca)
    await untilCreated()

    expect(await rotate('--force')).toMatchObject({ status: 0 })
    await serve()
    expect(await createPod()).toBe('created')
    const early = await rotate('--activate')
    expect(early).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /^error: certs\.flyte-pod-webhook.* would refuse the next certificate: .*register.*\n$/u,
      ),
    })
    const second = await readPair()
    await registerBundle(second.ca)
    await untilCreated()

    expect(await rotate('--activate')).toMatchObject({ status: 0 })
    await serve()
    expect(await createPod()).toBe('created')
    expect((await readPair()).cert).not.toBe(first.cert)
    expect(Object.keys(await readSecret())).toEqual(['ca.crt', 'retired.crt', 'tls.crt', 'tls.key'])

    // The old bundle fails, so the steps above prove that the rotation worked.
    await registerBundle(first.ca)
    await until('the API server has read the old bundle', async () => (await createPod()).includes('x509'))
    expect(await rotate('--force')).toMatchObject({ status: 0 })
    expect(await rotate('--activate')).toMatchObject({ status: 1 })
    expect(await rotate('--activate', '--skip-trust-check')).toMatchObject({ status: 0 })
  })

  it('activates no certificate for a new URL while a webhook calls the former one', async () => {
    await init()
    const { ca, cert } = await readPair()
    await registerBundle(ca)
    expect(await rotate('--url', 'https://new.example.com')).toMatchObject({ status: 0 })
    await registerBundle((await readPair()).ca)
    expect(await rotate('--activate')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('calls 127.0.0.1, which the next certificate does not cover'),
    })
    expect((await readPair()).cert).toBe(cert)
    await unregister(api, world)
    expect(await rotate('--activate')).toMatchObject({ status: 0 })
    expect((await readPair()).cert).not.toBe(cert)
  })

  it('completes a rotation in a Secret that was restored halfway', async () => {
    await init()
    await rotate('--force')
    const { data, type }: Json = (await api.send('GET', secretPath)).json
    await api.send('DELETE', secretPath)
    const restored = { metadata: { name: 'flyte-pod-webhook' }, type, data }
    await api.send('POST', `${secrets}?fieldManager=restore`, restored)
    expect(await rotate('--activate')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('restore'),
    })
    expect(await rotate('--activate', '--force-conflicts')).toMatchObject({ status: 0 })
    expect(Object.keys(await readSecret())).toEqual(['ca.crt', 'retired.crt', 'tls.crt', 'tls.key'])
    expect(await certs(['status', ...place], { env })).toMatchObject({ status: 0 })
    expect(await rotate('--activate')).toMatchObject({
      stdout: expect.stringContaining('no next certificate is ready'),
    })
  })

  it('takes over a Secret of another field manager only if forced', async () => {
    const now = Date.now()
    const { ca, cert, key } = await createCertificateChain({
      dnsNames: ['hooks.example.com'],
      ipAddresses: [],
      notBefore: new Date(now),
      notAfter: new Date(now + 86_400_000),
    })
    await api.send('POST', `${secrets}?fieldManager=cert-manager`, {
      metadata: { name: 'flyte-pod-webhook' },
      type: 'kubernetes.io/tls',
      stringData: { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key },
    })
    const before = (await api.send('GET', secretPath)).json
    expect(await certs(['status', ...place], { env })).toMatchObject({ status: 0 })
    for (const args of [['--force'], ['--force', '--dry-run']])
      expect(await rotate(...args)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^error: .* are managed by cert-manager: .*--force-conflicts\n$/u),
      })
    expect((await api.send('GET', secretPath)).json).toEqual(before)
    expect(await rotate('--force', '--force-conflicts')).toMatchObject({ status: 0 })
    expect(await rotate('--activate', '--force-conflicts')).toMatchObject({ status: 0 })
    // From then on, this command owns all of it.
    expect(await rotate('--force')).toMatchObject({ status: 0 })
  })

  it('writes nothing to a Secret that was removed after it was read', async () => {
    await init()
    const secret = createSecretPlace(connect({ kubeconfig: await api.kubeconfig() }), {
      namespace,
      name: 'flyte-pod-webhook',
    })
    const { files, version } = await secret.read()
    await api.send('DELETE', secretPath)
    await expect(secret.write(files, { replaces: version, dryRun: false })).rejects.toThrow(PlaceConflict)
    expect((await api.send('GET', secretPath)).status).toBe(404)
  })

  it('prints a command that outputs the bundle', async () => {
    const { stderr } = await init()
    const [command = ''] = /kubectl get secret .* > ca\.crt/u.exec(stderr) ?? []
    const path = `${assets}:${process.env['PATH']}`
    await promisify(execFile)('sh', ['-c', command], { cwd: folder, env: { ...env, PATH: path } })
    expect(await readFile(join(folder, 'ca.crt'), 'utf8')).toBe((await readPair()).ca)
  })

  it("fills the empty Secret of Flyte's chart, and keeps its other keys", async () => {
    await api.send('POST', secrets, {
      metadata: { name: 'flyte-pod-webhook', labels: { from: 'chart' } },
      type: 'Opaque',
      data: { other: 'b3RoZXI=' },
    })
    expect(await init()).toMatchObject({ status: 0 })
    expect(await rotate('--force')).toMatchObject({ status: 0 })
    expect(await rotate('--activate')).toMatchObject({ status: 0 })
    expect((await api.send('GET', secretPath)).json).toMatchObject({
      type: 'Opaque',
      metadata: { labels: { from: 'chart' } },
    })
    const { other, ...rest } = await readSecret()
    expect(other).toBe('other')
    expect(Object.keys(rest)).toEqual(['ca.crt', 'retired.crt', 'tls.crt', 'tls.key'])
  })

  it('rotates a certificate from flytepropeller: RSA, with a PKCS #1 key', async () => {
    const now = Date.now()
    const { ca, cert, key } = await createCertificateChain({
      dnsNames: ['flyte-pod-webhook.flyte.svc'],
      ipAddresses: [],
      algorithm: 'rsa',
      notBefore: new Date(now),
      notAfter: new Date(now + 99 * 365 * 86_400_000),
    })
    const pkcs1 = createPrivateKey(key).export({ type: 'pkcs1', format: 'pem' }).toString()
    await api.send('POST', secrets, {
      metadata: { name: 'flyte-pod-webhook' },
      stringData: { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': pkcs1 },
    })
    expect(await certs(['status', ...place], { env })).toMatchObject({ status: 0 })
    expect(await init()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('does not cover 127.0.0.1'),
    })
    const wanted = ['--url', url, '--validity-days', '365', '--force-conflicts']
    expect(await rotate(...wanted)).toMatchObject({ status: 0 })
    expect((await readPair()).ca.endsWith(ca)).toBe(true)
    expect(await rotate('--activate', '--force-conflicts')).toMatchObject({ status: 0 })
    const after = await readPair()
    expect(await shakeHands(after)).toBe(true)
  })

  it('asks the API server in a dry run, and changes nothing', async () => {
    expect(await certs(['init', '--url', url, ...place, '--dry-run'], { env })).toMatchObject({ status: 0 })
    expect((await api.send('GET', secretPath)).status).toBe(404)
    await init()
    const before = (await api.send('GET', secretPath)).json
    expect(await rotate('--force', '--dry-run')).toMatchObject({ status: 0 })
    expect((await api.send('GET', secretPath)).json).toEqual(before)
    const elsewhere = ['init', '--url', url, '--secret', 'no-such-namespace/x', '--dry-run']
    expect(await certs(elsewhere, { env })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no-such-namespace'),
    })
  })

  it('turns three concurrent rotations into one', async () => {
    const inits = await Promise.all([init(), init(), init()])
    expect(inits.map(({ status }) => status)).toEqual([0, 0, 0])
    const prepared = await Promise.all([rotate('--force'), rotate('--force'), rotate('--force')])
    expect(prepared.map(({ status }) => status)).toEqual([0, 0, 0])
    const { ca } = await readPair()
    expect(ca.match(/BEGIN/gu)).toHaveLength(2)
    await Promise.all([rotate('--activate'), rotate('--activate'), rotate('--activate')])
    const after = await readPair()
    expect(after.ca).toBe(ca)
    expect(await shakeHands(after)).toBe(true)
  })

  it('keeps a working pair wherever a run is killed, and the next run completes the rotation', {
    timeout: 240_000,
  }, async () => {
    const works = async (): Promise<boolean> => shakeHands(await readPair())
    const kills = { init: 0, prepare: 0, activate: 0 }
    for await (const _ of killedAtEachCall(proxy, ['init', '--url', url, ...place], throughProxy)) {
      kills.init += 1
      expect(await init()).toMatchObject({ status: 0 })
      expect(await works()).toBe(true)
      await api.send('DELETE', secretPath)
    }
    await init()
    for await (const when of killedAtEachCall(proxy, ['rotate', '--force', ...place], throughProxy)) {
      kills.prepare += 1
      expect(await works(), when).toBe(true)
      expect(await rotate('--force')).toMatchObject({ status: 0 })
      expect((await readPair()).ca.match(/BEGIN/gu)?.length).toBeGreaterThan(1)
      await rotate('--activate')
    }
    await rotate('--force')
    for await (const when of killedAtEachCall(proxy, ['rotate', '--activate', ...place], throughProxy)) {
      kills.activate += 1
      expect(await works(), when).toBe(true)
      expect(await rotate('--activate')).toMatchObject({ status: 0 })
      expect(await works(), when).toBe(true)
      expect(Object.keys(await readSecret())).not.toContain('next.key')
      await rotate('--force')
    }
    // Each run discovers the API, reads and writes; an activation also discovers and lists webhooks. Each call is killed
    // twice, and the last run completes.
    expect(kills).toEqual({ init: 7, prepare: 7, activate: 11 })
  })
})
