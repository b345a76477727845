import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { createProgram } from '../../infra/cli/program.ts'
import type { Finding } from '../../infra/doctor/finding.ts'
import { createGuard } from '../../infra/registration/guard.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { createRegistration } from '../../infra/registration/registration.ts'
import { undocumentedFindings } from '../messages/known.ts'
import { captureTerminal } from '../support/captured-terminal.ts'
import { flyteWebhook } from '../support/command.ts'
import type { Json } from '../support/pods.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { register, until } from './registration.ts'
import { token, WebhookServer } from './webhook-server.ts'

const dayMs = 24 * 60 * 60 * 1000
const configurations = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const registered = `${configurations}/flyte-pod-webhook`
const deployments = '/apis/apps/v1/namespaces/default/deployments'

/** A user's cluster: Flyte's own registration still exists, but its process no longer updates it. */
const reported: readonly Json[] = parseAllDocuments(
  await readFile(join(projectRoot, 'test/field/doctor-two-registrations/cluster.yaml'), 'utf8'),
).map((one) => one.toJS())

const chainOf = (changes: object = {}) =>
  createCertificateChain({
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 365 * dayMs),
    ...changes,
  })
const good = await chainOf()

/** The output and the exit status of a command. */
interface Ran {
  readonly status: unknown
  readonly stdout: string
  readonly findings: readonly Finding[]
}

/** A planted problem, and how doctor must report it. */
interface Planted {
  readonly what: string
  readonly plant: () => Promise<unknown>
  readonly sees: Partial<Record<keyof Finding, unknown>>
  /** Other checks that may report it too; all remaining checks stay ok. */
  readonly also?: readonly string[]
  readonly args?: () => readonly string[]
  readonly now?: () => Date
}

/** The checks that need an answer of the function. */
const unanswered = ['function', 'pod', 'clocks']
/** The checks that need a registration of this webhook. */
const unregistered = [...unanswered, 'failure-policy', 'time-out', 'namespaces', 'certificate', 'token']

const text = (part: string): unknown => expect.stringContaining(part)

describe.skipIf(assets === undefined)('a doctor at a real API server', { timeout: 60_000 }, () => {
  let api: ApiServer
  let webhooks: WebhookServer
  let folder: string
  let kubeconfig: string
  let made: string[] = []
  const sections = (): Json => ({ secrets: { 'secrets-prefix': webhooks.secretsOf('production') } })
  const digests = `production=${sha256Hex(token)}`
  const other = `production=${sha256Hex('another')}`

  const webhookOf = (changes: Json = {}, ca = good.ca): Json => {
    const url = webhooks.urlOf('production')
    const [webhook] = createRegistration(configFrom(sections()), { url, caBundle: ca }).webhooks ?? []
    return { ...webhook, ...changes }
  }
  const registerWith = (changes?: Json, ca?: string) =>
    register(api, 'flyte-pod-webhook', [webhookOf(changes, ca)])
  const registerWithWrongToken = () =>
    registerWith({
      clientConfig: {
        url: webhooks.urlOf('production').replace(token, 'a'.repeat(43)),
        caBundle: webhookOf().clientConfig.caBundle,
      },
    })
  const create = async (path: string, object: Json): Promise<void> => {
    const { status, json } = await api.send('POST', path, object)
    if (status !== 201) throw new Error(JSON.stringify(json))
    made.push(`${path}/${object.metadata.name}`)
  }
  const writeConfig = async (name: string, changes: Json): Promise<string> => {
    await writeFile(join(folder, name), JSON.stringify({ ...sections(), ...changes }))
    return join(folder, name)
  }

  beforeAll(async () => {
    ;[api, webhooks] = await Promise.all([ApiServer.start(assets ?? ''), WebhookServer.start()])
    await webhooks.deploy('production', { sections: {} })
    folder = await mkdtemp(join(tmpdir(), 'doctor-'))
    kubeconfig = await api.kubeconfig()
    await writeConfig('webhook.yaml', {})
    await until('kube-system is there', async () => {
      return (await api.send('GET', '/api/v1/namespaces/kube-system')).status === 200
    })
  })
  beforeEach(async () => {
    webhooks.present(good)
    await registerWith()
    await until('a pod gets its secret', async () => {
      return (await run('doctor')).findings.some(({ check, level }) => check === 'pod' && level === 'ok')
    })
  })
  afterEach(async () => {
    webhooks.gateway = () => false
    for (const path of [...made, registered]) await api.send('DELETE', path)
    made = []
  })
  afterAll(async () => {
    await Promise.all([api.stop(), webhooks.stop()])
    await rm(folder, { recursive: true })
  })

  const naming = (): readonly string[] => [
    `--kubeconfig=${kubeconfig}`,
    `--config=${join(folder, 'webhook.yaml')}`,
  ]

  /** Runs a command in this process, by default with JSON output, and proves that the output never holds the token. */
  const run = async (
    name: 'doctor' | 'status',
    {
      args = [],
      now = () => new Date(),
      output = 'json',
    }: { args?: readonly string[]; now?: () => Date; output?: string } = {},
  ): Promise<Ran> => {
    const { terminal, written } = captureTerminal()
    const own = name === 'doctor' ? [`--digests=${digests}`] : []
    const words = [name, ...naming(), ...own, `--output=${output}`, ...args]
    await createProgram({ terminal, now, environment: {} }).parseAsync(words, { from: 'user' })
    const status = process.exitCode
    process.exitCode = undefined
    const { stdout, stderr } = written
    expect(stdout + stderr).not.toContain(token)
    const findings = output === 'json' ? JSON.parse(stdout).findings : []
    expect(undocumentedFindings(findings)).toEqual([])
    return { status, stdout, findings }
  }

  it('finds nothing in a healthy setup', async () => {
    const { status, findings } = await run('doctor')
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(findings.map(({ check }) => check)).toEqual([
      'kubernetes',
      'registration',
      'failure-policy',
      'guard',
      'time-out',
      'namespaces',
      'call-order',
      'flyte-webhook',
      'services',
      'certificate',
      'function',
      'pod',
      'env-files',
      'token',
      'clocks',
      'audit',
    ])
    expect(status).toBe(0)
    // A dry run stores no pod.
    expect((await api.send('GET', '/api/v1/namespaces/default/pods')).json.items).toEqual([])
  })

  const foreign = (name: string, webhook: Json): Json => ({
    metadata: { name },
    webhooks: [
      {
        clientConfig: { url: 'https://127.0.0.1:1/' },
        // No created pod matches, so nobody has to answer.
        objectSelector: { matchLabels: { 'doctor-e2e': 'nobody' } },
        rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...webhook,
      },
    ],
  })
  const pathOf = ({ kind, metadata: { namespace } }: Json): string => {
    const paths: Json = {
      MutatingWebhookConfiguration: configurations,
      Service: `/api/v1/namespaces/${namespace}/services`,
      ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
      Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    }
    return paths[kind]
  }
  /** Recreates the user's cluster; `restrict` changes the webhook in Flyte's registration. */
  const report = async (restrict: Json = {}): Promise<void> => {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'flyte' } })
    for (const object of reported) {
      const restricted = object.webhooks?.map((webhook: Json) => ({ ...webhook, ...restrict }))
      await create(pathOf(object), { ...object, ...(restricted && { webhooks: restricted }) })
    }
  }
  const namedIn = (operator: string, ...values: string[]): Json => ({
    matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }],
  })
  const deployment = (name: string, container: Json, volumes: readonly Json[] = []): Json => ({
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', ...container }], volumes },
      },
    },
  })
  const serve = (changes: object) => async () => {
    const chain = await chainOf(changes)
    webhooks.present(chain)
    await registerWith({}, chain.ca)
  }
  const soon = { notAfter: new Date(Date.now() + 10 * dayMs) }

  const planted: readonly Planted[] = [
    {
      what: 'a missing registration',
      plant: () => api.send('DELETE', registered),
      sees: { check: 'registration', level: 'problem', next: text('flyte-webhook register ') },
      also: unregistered,
    },
    {
      what: 'the registration of Flyte’s own webhook',
      plant: () =>
        registerWith({
          clientConfig: {
            service: { name: 'flyte-pod-webhook', namespace: 'flyte', path: '/mutate--v1-pod' },
          },
        }),
      sees: { check: 'registration', level: 'problem', message: text('the Service flyte/flyte-pod-webhook') },
      also: unregistered,
    },
    {
      what: 'a URL of another service',
      plant: () => registerWith({ clientConfig: { url: `https://h.example/x/${token}` } }),
      sees: { check: 'registration', level: 'problem', message: text('the registered URL') },
      also: unregistered,
    },
    {
      what: 'a selector that matches other pods',
      plant: () => registerWith({ objectSelector: { matchLabels: { other: 'true' } } }),
      sees: { check: 'registration', level: 'problem', message: text('objectSelector') },
      also: ['pod'],
    },
    {
      what: 'a rule for other requests',
      plant: () => registerWith({ rules: [{ ...webhookOf().rules[0], operations: ['UPDATE'] }] }),
      sees: { check: 'registration', level: 'problem', message: text('rules') },
      also: ['pod'],
    },
    ...(
      [
        ['sideEffects', 'NoneOnDryRun'],
        ['matchPolicy', 'Exact'],
        ['admissionReviewVersions', ['v1']],
        ['reinvocationPolicy', 'IfNeeded'],
        ['matchConditions', []],
        ['namespaceSelector', { matchLabels: { 'kubernetes.io/metadata.name': 'default' } }],
      ] as const
    ).map(([field, value]) => ({
      what: `another ${field}`,
      plant: () => registerWith({ [field]: value }),
      sees: { check: 'registration', level: 'warning', message: text(field) },
    })),
    {
      what: 'a failure policy that lets pods start without secrets',
      plant: () => registerWith({ failurePolicy: 'Ignore' }),
      sees: { check: 'failure-policy', level: 'warning', message: text('Ignore') },
    },
    {
      what: 'a time-out below the function’s',
      plant: () => registerWith({ timeoutSeconds: 8 }),
      sees: { check: 'time-out', level: 'problem', message: text('8 s') },
    },
    {
      what: 'a time-out without a margin',
      plant: () => registerWith({ timeoutSeconds: 10 }),
      sees: { check: 'time-out', level: 'warning', message: text('10 s') },
    },
    {
      what: 'a time-out that differs from the configuration',
      plant: () => registerWith({ timeoutSeconds: 29 }),
      sees: { check: 'time-out', level: 'warning', message: text('29, but 15') },
    },
    {
      what: 'kube-system in the selector',
      plant: () => registerWith({ namespaceSelector: {} }),
      sees: { check: 'namespaces', level: 'warning' },
      also: ['registration'],
    },
    {
      what: 'a selector that keeps the cluster from starting',
      plant: () => registerWith({ namespaceSelector: {}, objectSelector: {} }),
      sees: { check: 'namespaces', level: 'problem' },
      also: ['registration'],
    },
    {
      what: 'the webhook of pod identity before this one',
      plant: () => create(configurations, foreign('a-pod-identity-webhook', { name: 'a.amazonaws.com' })),
      sees: { check: 'call-order', level: 'warning', message: text('a.amazonaws.com') },
    },
    {
      what: 'Vault’s injector before this one, which needs it',
      plant: () => create(configurations, foreign('a-vault', { name: 'vault.hashicorp.com' })),
      args: () => [`--config=${join(folder, 'vault.yaml')}`],
      sees: { check: 'call-order', level: 'problem', message: text('vault.hashicorp.com') },
      also: ['function'],
    },
    {
      what: 'Flyte’s own webhook, running',
      plant: () =>
        create(
          deployments,
          deployment('flyte-pod-webhook', {
            image: 'cr.flyte.org/flyteorg/flytepropeller:v1.16.8',
            command: ['flytepropeller'],
            args: ['webhook', '--config', '/etc/flyte/config/*.yaml'],
          }),
        ),
      sees: {
        check: 'flyte-webhook',
        level: 'problem',
        next: text('scale deployment flyte-pod-webhook'),
      },
    },
    {
      what: 'all of Flyte in one process',
      plant: () =>
        create(deployments, deployment('flyte-binary', { image: 'cr.flyte.org/flyteorg/flyte-binary:v1' })),
      sees: { check: 'flyte-webhook', level: 'warning', message: text('default/flyte-binary') },
    },
    {
      what: 'Flyte 2',
      plant: () =>
        create(deployments, deployment('flyte', { image: 'registry.example/flyte-binary-v2:nightly' })),
      sees: { check: 'flyte-webhook', level: 'warning', message: text('default/flyte runs Flyte 2') },
    },
    {
      what: 'Flyte’s own registration, which its process no longer updates',
      plant: () => report(),
      sees: {
        check: 'flyte-webhook',
        level: 'problem',
        message: text('flyte-binary-webhook receives the same pods, in default, '),
        next: text('kubectl delete mutatingwebhookconfiguration flyte-binary-webhook'),
      },
      // Nobody answers for Flyte's Service.
      also: ['pod'],
    },
    {
      what: 'another registration for the same label, by a rule for pods and what is below them',
      plant: () =>
        report({
          name: 'secrets.example.com',
          objectSelector: { matchExpressions: [{ key: 'inject-flyte-secrets', operator: 'Exists' }] },
          rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['pods/*'] }],
        }),
      sees: {
        check: 'flyte-webhook',
        level: 'problem',
        message: text('receives the same pods, in default, '),
      },
      // The API server calls it for the pod itself too, and nobody answers.
      also: ['pod'],
    },
    {
      what: 'Flyte’s own webhook for the same pods in the object of this one',
      plant: () =>
        register(api, 'flyte-pod-webhook', [
          webhookOf(),
          webhookOf({
            name: 'in-cluster.flyte-pod-webhook.flyte.org',
            clientConfig: { service: { name: 'flyte-pod-webhook', namespace: 'flyte' } },
            failurePolicy: 'Ignore',
          }),
        ]),
      sees: {
        check: 'flyte-webhook',
        level: 'problem',
        message: text('flyte-pod-webhook receives the same pods, in default, '),
        next: 'divide the namespaces as in docs/migrate.md',
      },
      also: ['registration'],
    },
    {
      what: 'no problem with Flyte’s own registration for the other namespaces',
      plant: async () => {
        await registerWith({ namespaceSelector: namedIn('In', 'default') })
        await report({ namespaceSelector: namedIn('NotIn', 'default') })
      },
      sees: { check: 'flyte-webhook', level: 'ok' },
      also: ['registration'],
    },
    {
      what: 'a webhook without its Service',
      plant: () =>
        create(
          configurations,
          foreign('left', {
            name: 'left.example.com',
            clientConfig: { service: { name: 'gone', namespace: 'default' } },
          }),
        ),
      sees: { check: 'services', level: 'problem', next: text('delete mutatingwebhookconfiguration left') },
    },
    {
      what: 'a webhook without its Service, under Ignore',
      plant: () =>
        create(
          configurations,
          foreign('left', {
            name: 'left.example.com',
            clientConfig: { service: { name: 'gone', namespace: 'default' } },
            failurePolicy: 'Ignore',
          }),
        ),
      sees: { check: 'services', level: 'warning' },
    },
    {
      what: 'an unknown authority',
      plant: async () => webhooks.present(await chainOf()),
      sees: { check: 'certificate', level: 'problem', message: text('no authority of the caBundle') },
      also: unanswered,
    },
    {
      what: 'a private authority and no caBundle',
      plant: () => registerWith({ clientConfig: { url: webhooks.urlOf('production') } }),
      sees: { check: 'certificate', level: 'problem', message: text('no public authority') },
      also: unanswered,
    },
    {
      what: 'an expired certificate',
      plant: serve({ notAfter: new Date(Date.now() - 1000) }),
      sees: { check: 'certificate', level: 'problem', message: text('has expired') },
      also: unanswered,
    },
    {
      what: 'a certificate that is not yet valid',
      plant: serve({ notBefore: new Date(Date.now() + dayMs) }),
      sees: { check: 'certificate', level: 'problem', message: text('is not valid before') },
      also: unanswered,
    },
    {
      what: 'a certificate for another name',
      plant: serve({ dnsNames: ['elsewhere.example'], ipAddresses: [] }),
      sees: { check: 'certificate', level: 'problem', message: text('does not cover 127.0.0.1') },
      also: unanswered,
    },
    {
      what: 'a certificate that ends soon',
      plant: serve(soon),
      sees: { check: 'certificate', level: 'warning', message: text('expires soon') },
    },
    {
      what: 'an authority of the caBundle that has expired',
      plant: async () => {
        const old = await chainOf({
          notAfter: new Date(Date.now() - 2000),
          authorityNotAfter: new Date(Date.now() - 1000),
        })
        await registerWith({}, good.ca + old.ca)
      },
      sees: { check: 'certificate', level: 'warning', message: text('of the caBundle has expired') },
    },
    {
      what: 'a function that does not answer',
      plant: async () => {
        webhooks.gateway = (request) => {
          request.socket.destroy()
          return true
        }
      },
      sees: { check: 'function', level: 'warning', message: text('closes the connection') },
      also: [...unanswered, 'certificate'],
    },
    {
      what: 'a pod without an answer',
      plant: async () => {
        webhooks.gateway = (request) => {
          request.socket.destroy()
          return true
        }
      },
      sees: { check: 'pod', level: 'problem', message: text('failed calling webhook') },
      also: [...unanswered, 'certificate'],
    },
    {
      what: 'a wrong token',
      plant: registerWithWrongToken,
      sees: { check: 'function', level: 'problem', message: text('it answers 404') },
      also: [...unanswered, 'token'],
    },
    {
      what: 'a token without a digest',
      plant: registerWithWrongToken,
      sees: {
        check: 'token',
        level: 'problem',
        message: text('no digest here matches the registered token'),
      },
      also: unanswered,
    },
    {
      what: 'another configuration',
      plant: () => writeConfig('other.yaml', { function: { registration: { timeoutSeconds: 20 } } }),
      args: () => [`--config=${join(folder, 'other.yaml')}`],
      sees: { check: 'function', level: 'warning', message: text('is deployed, but --config is') },
      also: ['time-out'],
    },
    {
      what: 'another version',
      plant: async () => {
        const { digest } = configFrom(sections())
        webhooks.gateway = ({ method }, response) => {
          if (method === 'GET') response.end(JSON.stringify({ version: '0.0.1', config: digest }))
          return method === 'GET'
        }
      },
      sees: { check: 'function', level: 'warning', message: text('the version 0.0.1 is deployed') },
    },
    {
      what: 'pods that start without their secrets',
      plant: async () => {
        await registerWith({ failurePolicy: 'Ignore' })
        webhooks.gateway = (_, response) => {
          response.writeHead(500).end()
          return true
        }
      },
      sees: { check: 'pod', level: 'problem', message: text('without its secret') },
      also: ['failure-policy', 'function', 'clocks'],
    },
    {
      what: 'a namespace that is not served',
      plant: async () => undefined,
      args: () => ['--namespace=kube-system'],
      sees: { check: 'pod', level: 'warning', next: text('--namespace') },
    },
    {
      what: 'a namespace that does not exist',
      plant: async () => undefined,
      args: () => ['--namespace=nowhere'],
      sees: { check: 'pod', level: 'warning', message: text('"nowhere" not found') },
    },
    {
      what: 'a node where variables from files are empty, in a cluster of function.envFiles',
      plant: () =>
        create('/api/v1/nodes', {
          metadata: { name: 'old' },
          status: { nodeInfo: { kubeletVersion: 'v1.34.2-eks-1' } },
        }),
      args: () => [`--config=${join(folder, 'env-files.yaml')}`],
      sees: {
        check: 'env-files',
        level: 'problem',
        message: text('1 of 1 nodes have a kubelet before 1.35'),
        next: text('upgrade these nodes'),
      },
      also: ['function'],
    },
    {
      what: 'a token rotation before its registration',
      plant: async () => undefined,
      args: () => [`--digests=${digests},${other}`],
      sees: { check: 'token', level: 'warning', message: text('the older one is registered') },
    },
    {
      what: 'an unfinished token rotation',
      plant: async () => undefined,
      args: () => [`--digests=${other},${digests}`],
      sees: { check: 'token', level: 'warning', next: text('tokens retire --cluster production') },
    },
    {
      what: 'a slow clock',
      plant: async () => undefined,
      now: () => new Date(Date.now() - 100_000),
      sees: { check: 'clocks', level: 'warning', message: text('ahead of this machine') },
    },
    {
      what: 'an audit policy that cannot be read',
      plant: async () => undefined,
      args: () => [`--config=${join(folder, 'global.yaml')}`],
      sees: { check: 'audit', level: 'warning', message: text('cannot be seen') },
      also: ['function'],
    },
    {
      what: 'an audit policy of an API server that runs as a pod',
      plant: () =>
        create('/api/v1/namespaces/kube-system/pods', {
          metadata: { name: 'kube-apiserver-node', labels: { component: 'kube-apiserver' } },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'i',
                command: ['kube-apiserver', '--audit-policy-file=/etc/audit.yaml'],
              },
            ],
          },
        }),
      args: () => [`--config=${join(folder, 'global.yaml')}`],
      sees: { check: 'audit', level: 'warning', message: text('/etc/audit.yaml') },
      also: ['function'],
    },
  ]

  it.each(planted)(
    'finds $what',
    async ({ plant, sees, also = [], args = () => [], now = () => new Date() }) => {
      await writeConfig('vault.yaml', { webhook: { secretManagerType: 'Vault' } })
      await writeConfig('global.yaml', { webhook: { secretManagerType: 'Global' } })
      await writeConfig('env-files.yaml', { function: { envFiles: ['prod*'] } })
      await plant()
      let ran: Ran | undefined
      await until(`it sees ${JSON.stringify(sees)}`, async () => {
        ran = await run('doctor', { args: args(), now })
        return ran.findings.some(({ check, level }) => check === sees.check && level === sees.level)
      }).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${ran?.stdout}`)
      })
      expect(ran?.findings).toContainEqual(expect.objectContaining(sees))
      const troubled = ran?.findings.filter(({ level }) => level !== 'ok').map(({ check }) => check) ?? []
      expect([sees.check, ...also]).toEqual(expect.arrayContaining(troubled))
      expect(ran?.status).toBe(ran?.findings.some(({ level }) => level === 'problem') ? 1 : 3)
    },
  )

  it('finds nothing if Flyte’s own webhook runs without registering itself', async () => {
    const volumes = [{ name: 'config', configMap: { name: 'flyte-propeller-config' } }]
    const command = ['flytepropeller', 'webhook', '--config', '/etc/flyte/config/*.yaml']
    await create('/api/v1/namespaces/default/configmaps', {
      metadata: { name: 'flyte-propeller-config' },
      data: { 'core.yaml': 'webhook:\n  disableCreateMutatingWebhookConfig: true\n' },
    })
    await create(deployments, deployment('flyte-pod-webhook', { image: 'own', command }, volumes))
    const { status, findings } = await run('doctor')
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(status).toBe(0)
  })

  it.each([
    { name: 'aws', webhook: { secretManagerType: 'AWS' }, says: 'in default comes back with its secret' },
    {
      name: 'vault',
      webhook: { secretManagerType: 'Vault' },
      says: 'in default comes back with its secret',
    },
    { name: 'global', webhook: { secretManagerType: 'Global' }, says: 'is denied' },
    {
      name: 'embedded',
      webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'K8s' } },
      says: 'in flyte comes back with its secret',
    },
  ])('tries a pod that the configuration $name can serve', async ({ name, webhook, says }) => {
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'flyte' } })
    const own = { webhook, function: { profile: 'flyte1' } }
    await webhooks.deploy(name, { sections: own })
    const { clientConfig } = webhookOf()
    await registerWith({ clientConfig: { ...clientConfig, url: webhooks.urlOf(name) } })
    const config = await writeConfig('own.yaml', own)
    const seen = expect.objectContaining({ check: 'pod', level: 'ok', message: text(says) })
    await until(`a pod ${says}`, async () => {
      const { findings } = await run('doctor', { args: [`--config=${config}`] })
      return findings.some((finding) => seen.asymmetricMatch(finding))
    })
  })

  it('accepts Ignore with the guard, and rejects the guard if the function admits pods on failure', async () => {
    const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies'
    const [policy, binding] = createGuard(configFrom(sections()), { users: [], groups: [] })
    await create(policies, policy)
    await create('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', binding)
    await registerWith({ failurePolicy: 'Ignore' })
    const guarded = await run('doctor')
    expect(guarded.findings).toContainEqual(
      expect.objectContaining({ check: 'failure-policy', level: 'ok', message: text('the guard refuses') }),
    )
    const config = await writeConfig('admit.yaml', { function: { onFailure: 'admit' } })
    const admitting = await run('doctor', { args: [`--config=${config}`] })
    expect(admitting.findings).toContainEqual(
      expect.objectContaining({ check: 'failure-policy', level: 'problem' }),
    )
  })

  describe('status', () => {
    it('prints the registration and the function that answers', async () => {
      const { status, stdout } = await run('status', { output: 'text' })
      expect(status).toBe(0)
      expect(stdout).toContain(`to          ${webhooks.baseUrl}/production/***/mutate--v1-pod\n`)
      expect(stdout).toContain('cluster     production\n')
      expect(stdout).toContain('on failure  Fail: pods are not created\n')
      expect(stdout).toMatch(/caBundle {4}flyte-webhook authority [0-9a-f]{8}, until 20\d\d-/)
      expect(stdout).toMatch(/function {4}version .*, configuration [0-9a-f]{16}, the same as --config\n/)
    })

    it('reports a missing registration', async () => {
      await api.send('DELETE', registered)
      const { status, stdout } = await run('status')
      expect(status).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({
        isRegistered: false,
        isGuarded: false,
        authorities: [],
        findings: expect.arrayContaining([
          expect.objectContaining({ check: 'registration', level: 'problem' }),
        ]),
      })
    })

    it('reports another deployed configuration', async () => {
      const config = await writeConfig('other.yaml', { function: { profile: 'flyte2' } })
      const { status, stdout } = await run('status', { args: [`--config=${config}`], output: 'text' })
      expect(status).toBe(3)
      expect(stdout).toContain('different from --config\n')
    })
  })

  it.each(['doctor', 'status'])('%s exits with the status of its findings', async (name) => {
    const well = await flyteWebhook([name, ...naming()])
    expect(well).toMatchObject({ status: 0, stderr: '' })
    await api.send('DELETE', registered)
    const bad = await flyteWebhook([name, ...naming()])
    expect(bad).toMatchObject({ status: 1, stderr: '' })
    expect(bad.stdout).toMatch(/^problem  registration .* → flyte-webhook register /m)
    expect(well.stdout + bad.stdout).not.toContain(token)
  })

  it('fails with one line if no API server answers', async () => {
    const file = join(folder, 'nowhere')
    const cluster = { server: 'https://127.0.0.1:1' }
    await writeFile(
      file,
      JSON.stringify({
        clusters: [{ name: 'c', cluster }],
        users: [],
        contexts: [{ name: 'c', context: { cluster: 'c' } }],
        'current-context': 'c',
      }),
    )
    const { status, stdout, stderr } = await flyteWebhook(['doctor', `--kubeconfig=${file}`])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^error: cannot reach the API server https:.* \(context .*\): .*\n$/)
  })
})
