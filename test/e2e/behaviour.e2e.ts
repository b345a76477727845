import { symlink } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { annotationOf } from '../support/annotation.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { inWorld, namespace, pods, register, unregister, until, webhookOf } from './registration.ts'
import { SecretsManagerServer } from './secrets-manager.ts'
import { WebhookServer } from './webhook-server.ts'

const worlds: Record<string, Json> = {
  k8s: {},
  aws: { webhook: { secretManagerType: 'AWS' } },
  flyte2: { webhook: { secretManagerTypes: ['K8s'] }, function: { profile: 'flyte2' } },
  admit: { function: { onFailure: 'admit' } },
  cli: { webhook: { secretManagerType: 'AWS' }, function: { aws: { fetcher: 'cli' } } },
  'embedded-k8s': {
    webhook: {
      secretManagerType: 'Embedded',
      embeddedSecretManagerConfig: { k8sConfig: { namespace } },
    },
    function: { profile: 'flyte2' },
  },
}
/** The secrets that Embedded AWS finds for pods with Flyte's labels. */
const embeddedStore = {
  u__org__org__domain__development__project__flytesnacks__key__a: { string: 'of a project' },
  u__org__org__domain____project____key__b: { binary: Buffer.from([0xff, 0]).toString('base64') },
}
const awsCredentials = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'us-east-2' }
const flyteLabels = { organization: 'org', domain: 'development', project: 'flytesnacks' }
const variable = { group: 'db', key: 'password', mount_requirement: 'ENV_VAR' }
const ours = 'flyte-pod-webhook'

let lastName = 0
const podAsking = (world: string, secrets: readonly object[], spec: Json = {}): Json =>
  inWorld(
    {
      metadata: {
        name: `pod-${++lastName}`,
        labels: { 'inject-flyte-secrets': 'true', ...flyteLabels },
        annotations: Object.fromEntries(
          secrets.map((secret, i) => [`flyte.secrets/s${i}`, annotationOf(secret)]),
        ),
      },
      spec: { containers: [{ name: 'main', image: 'image' }], ...spec },
    },
    world,
  )

const named = (list: Json, name: string): Json => list?.find((element: Json) => element.name === name)

describe.skipIf(assets === undefined)('through a real API server', () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let secretsManager: SecretsManagerServer

  /** Registers the worlds' webhooks with a test's changes, and waits until the API server uses them. */
  const registerOurs = async (changes: Json = {}): Promise<void> => {
    const registered = [...Object.keys(worlds), 'embedded-aws'].map((name) => ({
      ...webhookOf({ name, url: webhooks.urlOf(name), caBundle: webhooks.caBundle }),
      ...changes,
    }))
    // A unique probe shows that this registration has replaced the previous one.
    const probe = `probe-${++lastName}`
    const probing = webhookOf({ name: probe, url: webhooks.urlOf(probe), caBundle: webhooks.caBundle })
    await register(api, ours, [...registered, { ...probing, failurePolicy: 'Ignore' }])
    await until('the registration is active', async () => {
      await api.send('POST', `${pods}?dryRun=All`, podAsking(probe, [variable]))
      return webhooks.calls.has(probe)
    })
  }
  const create = (pod: Json, query = '') => api.send('POST', `${pods}${query}`, pod)

  beforeAll(async () => {
    ;[api, webhooks, secretsManager] = await Promise.all([
      ApiServer.start(assets ?? ''),
      WebhookServer.start(),
      SecretsManagerServer.start(),
    ])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    for (const [name, sections] of Object.entries(worlds)) await webhooks.deploy(name, { sections })
    const endpoint = secretsManager.serve('embedded', embeddedStore)
    await webhooks.deploy('embedded-aws', {
      sections: {
        webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'AWS' } },
        function: { profile: 'flyte2', aws: { endpoint } },
      },
      environment: awsCredentials,
    })
    await registerOurs()
  }, 120_000)

  afterEach(() => {
    webhooks.gateway = () => false
  })

  afterAll(async () => {
    await Promise.all([api.stop(), webhooks.stop(), secretsManager.stop()])
  })

  describe('with a second webhook', () => {
    /** Changes a pod that this webhook has served, as another webhook might. */
    const second =
      (operations: (pod: Json) => Json[]) => async (request: IncomingMessage, response: ServerResponse) => {
        if (!request.url?.startsWith('/second/')) return false
        const review = JSON.parse((await buffer(request)).toString())
        const patch = Buffer.from(JSON.stringify(operations(review.request.object))).toString('base64')
        const answer = { uid: review.request.uid, allowed: true, patchType: 'JSONPatch', patch }
        const body = { apiVersion: review.apiVersion, kind: review.kind, response: answer }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
        return true
      }

    /** Adds containers, rewrites an image, adds to our init container, and reverses the order of init containers. */
    const meddle = second(({ spec }) => {
      const pulls = spec.initContainers.map((container: Json) => ({
        ...container,
        image: `mirror.local/${container.image}`,
        env: [{ name: 'ADDED', value: 'x' }, ...container.env],
        resources: { ...container.resources, limits: { ...container.resources.limits, cpu: '1' } },
      }))
      return [
        {
          op: 'replace',
          path: '/spec/initContainers',
          value: [{ name: 'istio-init', image: 'istio' }, ...pulls.toReversed()],
        },
        { op: 'add', path: '/spec/containers/0', value: { name: 'istio-proxy', image: 'istio' } },
      ]
    })

    const secrets = ['a', 'b'].map((key) => ({ group: 'arn:aws:secretsmanager:us-east-2:1:secret', key }))

    const registerSecond = async (): Promise<void> => {
      const all = webhookOf({ name: 'second', url: webhooks.urlOf('second'), caBundle: webhooks.caBundle })
      await register(api, 'z-second', [{ ...all, objectSelector: { matchLabels: { meddle: 'true' } } }])
    }
    const meddled = (pod: Json): Json => ({
      ...pod,
      metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, meddle: 'true' } },
    })

    afterAll(async () => {
      await unregister(api, 'z-second')
      await registerOurs()
    })

    it('serves containers added in between when it is called again, and leaves its own containers unchanged', async () => {
      await registerSecond()
      await registerOurs({ reinvocationPolicy: 'IfNeeded' })
      webhooks.gateway = meddle
      let pod: Json
      await until('the second webhook is called', async () => {
        ;({ json: pod } = await create(meddled(podAsking('aws', secrets)), '?dryRun=All'))
        return named(pod.spec.containers, 'istio-proxy') !== undefined
      })
      const names = pod.spec.initContainers.map(({ name }: Json) => name)
      expect(names).toEqual(['istio-init', 'aws-pull-secret-1', 'aws-pull-secret-0'])
      const pull = named(pod.spec.initContainers, 'aws-pull-secret-0')
      expect(pull.image).toMatch(/^mirror\.local\//)
      expect(pull.env.map(({ name }: Json) => name)).toEqual(['ADDED', 'SECRET_ARN', 'SECRET_FILENAME'])
      for (const container of [named(pod.spec.initContainers, 'istio-init'), ...pod.spec.containers]) {
        expect(container.volumeMounts).toEqual([
          { name: 'aws-secret-vol', readOnly: true, mountPath: '/etc/flyte/secrets' },
        ])
        expect(container.env).toEqual([
          { name: 'FLYTE_SECRETS_DEFAULT_DIR', value: '/etc/flyte/secrets' },
          { name: 'FLYTE_SECRETS_FILE_PREFIX' },
        ])
      }
    })

    it.each(['cli', 'embedded-k8s', 'embedded-aws'])(
      'stores a pod of %s, and serves containers added in between when it is called again',
      async (world) => {
        await registerSecond()
        await registerOurs({ reinvocationPolicy: 'IfNeeded' })
        webhooks.gateway = second(() => [
          { op: 'add', path: '/spec/containers/0', value: { name: 'istio-proxy', image: 'istio' } },
        ])
        const files = ['a', 'b'].map((key) => ({ group: 'db', key, mount_requirement: 'FILE' }))
        const asked = meddled(podAsking(world, files))
        const { status, json: made } = await create(asked)
        expect({ status, message: made.message }).toEqual({ status: 201 })
        const { json: pod } = await api.send('GET', `${pods}/${asked.metadata.name}`)
        expect(pod.spec.initContainers).toHaveLength(1)
        const [proxy, main] = pod.spec.containers
        expect(proxy.name).toBe('istio-proxy')
        expect(proxy.volumeMounts).toEqual(main.volumeMounts)
        expect(proxy.volumeMounts.length).toBeGreaterThan(0)
        expect(proxy.env).toEqual(main.env)
        // A third call changes nothing.
        const { annotations } = pod.metadata
        const { meddle: _, ...labels } = asked.metadata.labels
        const again = {
          metadata: { name: `${asked.metadata.name}-again`, labels, annotations },
          spec: pod.spec,
        }
        const { json: same } = await create(again, '?dryRun=All')
        expect(same).toMatchObject({ kind: 'Pod' })
        expect(same.spec).toEqual(pod.spec)
      },
    )

    it('is not called again under reinvocationPolicy Never, and later containers get no secrets', async () => {
      await registerSecond()
      await registerOurs({ reinvocationPolicy: 'Never' })
      webhooks.gateway = meddle
      const { json: pod } = await create(meddled(podAsking('aws', secrets)), '?dryRun=All')
      expect(named(pod.spec.containers, 'istio-proxy')).not.toHaveProperty('env')
      expect(named(pod.spec.containers, 'main').env).toHaveLength(2)
    })
  })

  describe('without an answer', () => {
    const expectNotStored = async (pod: Json) =>
      expect((await api.send('GET', `${pods}/${pod.metadata.name}`)).status).toBe(404)

    it('no pod is created under Fail, and an unserved pod under Ignore', async () => {
      await webhooks.unplug()
      const failing = podAsking('k8s', [variable])
      const refused = await api.kubectl(
        ['create', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...failing }),
      )
      expect(refused.stderr).toContain('failed calling webhook')
      await expectNotStored(failing)

      await webhooks.listen()
      await registerOurs({ failurePolicy: 'Ignore' })
      await webhooks.unplug()
      const { status, json } = await create(podAsking('k8s', [variable]))
      expect(status).toBe(201)
      expect(json.spec.containers[0]).not.toHaveProperty('env')
      await webhooks.listen()
      await registerOurs()
    })

    it.each([
      { failurePolicy: 'Fail', status: 500 },
      { failurePolicy: 'Ignore', status: 201 },
    ])(
      'the API server waits for a slow answer only as long as registered: $failurePolicy',
      async ({ failurePolicy, status }) => {
        await registerOurs({ timeoutSeconds: 1, failurePolicy })
        webhooks.gateway = () => sleep(3000, false)
        const start = Date.now()
        const pod = podAsking('k8s', [variable])
        const answer = await create(pod)
        expect(Date.now() - start).toBeLessThan(2500)
        expect(answer.status).toBe(status)
        if (status === 500) await expectNotStored(pod)
        else expect(answer.json.spec.containers[0]).not.toHaveProperty('env')
        await registerOurs()
      },
    )

    it('a failing store returns its Status at once', async () => {
      await webhooks.deploy('k8s', { sections: {}, files: { 'db/other': 'x' } })
      // Reading a process's memory at offset 0 is an I/O error, even for root.
      await symlink('/proc/self/mem', `${webhooks.secretsOf('k8s')}/db/password`)
      const start = Date.now()
      const pod = podAsking('k8s', [variable])
      const { stderr } = await api.kubectl(
        ['create', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...pod }),
      )
      expect(Date.now() - start).toBeLessThan(2000)
      expect(stderr).toContain('flyte.secrets/s0')
      expect(stderr).toContain('the file could not be read')
      expect(stderr).not.toContain('https://')
      await expectNotStored(pod)
      await webhooks.deploy('k8s', { sections: {} })
    })
  })

  describe('when the gateway throttles', () => {
    const throttled = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'throttled',
      reason: 'TooManyRequests',
      code: 429,
    }
    const throttle = (most: number) => {
      let calls = 0
      return (_: IncomingMessage, response: ServerResponse): boolean => {
        if (calls++ >= most) return false
        response
          .writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' })
          .end(JSON.stringify(throttled))
        return true
      }
    }

    it('the API server retries, and the pod gets its secret', async () => {
      webhooks.gateway = throttle(2)
      const { status, json } = await create(podAsking('k8s', [variable]))
      expect(status).toBe(201)
      expect(json.spec.containers[0].env).toHaveLength(2)
    })

    it('the API server gives up in time and shows the message of the Status, without the URL', async () => {
      webhooks.gateway = throttle(Number.POSITIVE_INFINITY)
      const start = Date.now()
      const { status, json } = await create(podAsking('k8s', [variable]))
      expect(Date.now() - start).toBeLessThan(15_000)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(json.message).toContain('throttled')
      expect(JSON.stringify(json)).not.toContain('https://')
    })
  })

  describe('pods of all kinds', () => {
    it('without a name, with generateName', async () => {
      const pod = podAsking('k8s', [variable])
      const { name: _, ...metadata } = pod.metadata
      const { status, json } = await create({ ...pod, metadata: { ...metadata, generateName: 'generated-' } })
      expect(status).toBe(201)
      expect(json.metadata.name).toMatch(/^generated-/)
      expect(json.spec.containers[0].env).toHaveLength(2)
    })

    it('in a server-side dry run: answered alike, nothing stored', async () => {
      const pod = podAsking('k8s', [variable])
      const { json } = await create(pod, '?dryRun=All')
      expect(json.spec.containers[0].env).toHaveLength(2)
      expect((await api.send('GET', `${pods}/${pod.metadata.name}`)).status).toBe(404)
    })

    it('in a v1beta1 review', async () => {
      await registerOurs({ admissionReviewVersions: ['v1beta1'] })
      const { status, json } = await create(podAsking('k8s', [variable]))
      expect(status).toBe(201)
      expect(json.spec.containers[0].env).toHaveLength(2)
      const denied = await create(podAsking('k8s', [{ group: 'db' }]))
      expect(denied.json.message).toContain('K8s: it needs a key')
      await registerOurs()
    })

    it('of 1 MB', async () => {
      const args = Array.from({ length: 1000 }, (_, index) => `${index} `.padEnd(1000, 'x'))
      const spec = { containers: [{ name: 'main', image: 'image', args }] }
      const { status, json } = await create(podAsking('k8s', [variable, { group: 'db', key: 'file' }], spec))
      expect(status).toBe(201)
      expect(json.spec.containers[0].args).toEqual(args)
      expect(json.spec.containers[0].volumeMounts).toHaveLength(1)
    })

    it('with 256 requests, but not with 257', async () => {
      const secrets = Array.from({ length: 257 }, (_, index) => ({ ...variable, key: `k${index}` }))
      const { status, json } = await create(podAsking('k8s', secrets.slice(1)))
      expect(status).toBe(201)
      expect(json.spec.containers[0].env).toHaveLength(257)
      const denied = await create(podAsking('k8s', secrets))
      expect(denied.json).toMatchObject({
        status: 'Failure',
        code: 400,
        message: expect.stringContaining('the limit is 256'),
      })
    })

    it('with fields that the code does not know', async () => {
      const spec = {
        resources: { limits: { cpu: '2', memory: '1Gi' } },
        securityContext: { supplementalGroupsPolicy: 'Merge', seLinuxChangePolicy: 'MountOption' },
        hostnameOverride: 'elsewhere',
        containers: [
          {
            name: 'main',
            image: 'image',
            resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
            restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
            restartPolicy: 'Never',
            volumeMounts: [{ name: 'ro', mountPath: '/ro', readOnly: true, recursiveReadOnly: 'IfPossible' }],
          },
        ],
        volumes: [{ name: 'ro', emptyDir: {} }],
      }
      const served = await create(podAsking('k8s', [variable], spec))
      const alone = await create(podAsking('nobody', [variable], spec))
      expect(served.status).toBe(201)
      const { env, ...container } = served.json.spec.containers[0]
      expect(env).toHaveLength(2)
      expect({ ...served.json.spec, containers: [container] }).toEqual(alone.json.spec)
      expect(alone.json.spec).toMatchObject({
        securityContext: spec.securityContext,
        resources: spec.resources,
      })
    })
  })

  describe('what an operator sees', () => {
    it('is a warning for each variable that a container already has', async () => {
      const spec = { containers: [{ name: 'main', image: 'image', env: [{ name: 'HOME', value: '/root' }] }] }
      const kept = await create(podAsking('k8s', [{ ...variable, env_var: 'HOME' }], spec))
      expect(kept.warnings).toEqual([expect.stringMatching(/variable HOME keeps .*: main/)])
      const replaced = await create(podAsking('flyte2', [{ ...variable, env_var: 'HOME' }], spec))
      expect(replaced.warnings).toEqual([expect.stringMatching(/variable HOME is replaced .*: main/)])
    })

    it('is a warning for a pod that is admitted without its secrets', async () => {
      const { status, warnings } = await create(podAsking('admit', [{ group: 'db' }]))
      expect(status).toBe(201)
      expect(warnings).toEqual([expect.stringContaining('flyte.secrets/s0')])
    })

    it('is an audit log with the injected secrets, the configuration and the patch', async () => {
      const pod = podAsking('k8s', [variable])
      const admitted = podAsking('admit', [{ group: 'db' }])
      const denied = podAsking('k8s', [{ group: 'db' }])
      for (const one of [pod, admitted, denied]) await create(one)
      const events = await api.auditEvents()
      const annotationsOf = ({ metadata }: Json): Json =>
        events.find((event) => event.objectRef?.name === metadata.name && event.verb === 'create').annotations
      const digest = expect.stringMatching(/^[0-9a-f]{16}$/)
      expect(annotationsOf(pod)).toMatchObject({
        'k8s.flyte-pod-webhook.flyte.org/injected': 'K8s:1',
        'k8s.flyte-pod-webhook.flyte.org/config': digest,
      })
      expect(
        Object.keys(annotationsOf(pod)).some((key) => key.startsWith('patch.webhook.admission.k8s.io/')),
      ).toBe(true)
      expect(annotationsOf(admitted)).toMatchObject({
        'admit.flyte-pod-webhook.flyte.org/on-failure': 'admit',
        'admit.flyte-pod-webhook.flyte.org/refused': 'flyte.secrets/s0',
      })
      expect(annotationsOf(denied)).toMatchObject({ 'k8s.flyte-pod-webhook.flyte.org/config': digest })
    })
  })
})
