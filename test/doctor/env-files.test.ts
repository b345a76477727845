import type { KubernetesObject, V1Deployment, V1Node, V1Pod } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { envFilesCheck } from '../../infra/doctor/checks/env-files.ts'
import { gatherEnvFileFacts } from '../../infra/doctor/env-file-facts.ts'
import { known, unknown } from '../../infra/doctor/fact.ts'
import type { Level } from '../../infra/doctor/finding.ts'
import { ApiFailure, type Cluster } from '../../infra/kubernetes/cluster.ts'
import { undocumentedFindings } from '../messages/known.ts'
import type { Json } from '../support/pods.ts'
import { configFrom } from '../support/webhook.ts'

/** A cluster: its objects, and how it treats created ones. */
interface Given {
  readonly kubernetesVersion?: string
  /** The kubelet versions of its nodes. */
  readonly kubelets?: readonly string[]
  readonly accounts?: readonly Json[]
  readonly deployments?: readonly V1Deployment[]
  readonly webhooks?: readonly Json[]
  /** Kinds that the user cannot list or create. */
  readonly hidden?: readonly string[]
  /** Changes a created pod like a webhook. */
  readonly mutate?: (pod: Json) => Json
  readonly takesField?: boolean
}

const withoutField = (spec: Json): Json =>
  JSON.parse(JSON.stringify(spec, (key, value: unknown) => (key === 'fileKeyRef' ? undefined : value)))

const hasEmptySource = (spec: Json): boolean => JSON.stringify(spec).includes('"valueFrom":{}')

/** Creates objects like kube-apiserver 1.37, with or without `EnvFiles`. */
const createIn =
  ({ mutate = (pod) => pod, takesField = true, hidden = [] }: Given) =>
  async (object: Json): Promise<Json> => {
    if (hidden.includes(object.kind)) throw forbidden('create', object.kind)
    const mutated = object.kind === 'Pod' ? mutate(structuredClone(object)) : object
    const stored = takesField ? mutated : withoutField(mutated)
    if (!hasEmptySource(stored)) return stored
    const message = `${object.kind} "it" is invalid: [spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: …]`
    throw new ApiFailure(`could not create it: ${message}`, {
      code: 422,
      reason: 'Invalid',
      cause: undefined,
    })
  }

const forbidden = (verb: string, kind: string) =>
  new ApiFailure(`it is forbidden: User "alice" cannot ${verb} resource "${kind.toLowerCase()}s"`, {
    code: 403,
    reason: 'Forbidden',
    cause: undefined,
  })

const clusterOf = (given: Given) => {
  const { kubelets = ['v1.35.0', 'v1.36.2-eks-1'], accounts = [], deployments = [], webhooks = [] } = given
  const lists: Readonly<Record<string, readonly KubernetesObject[]>> = {
    Node: kubelets.map(
      (kubeletVersion, index) =>
        ({ metadata: { name: `node-${index}` }, status: { nodeInfo: { kubeletVersion } } }) as V1Node,
    ),
    ServiceAccount: accounts,
    Deployment: deployments,
    MutatingWebhookConfiguration: webhooks,
  }
  const asked: string[] = []
  const created: Json[] = []
  const create = createIn(given)
  const cluster = {
    list: async (_: string, kind: string) => {
      asked.push(kind)
      if (given.hidden?.includes(kind)) throw forbidden('list', kind)
      return lists[kind] ?? []
    },
    read: async ({ kind, metadata }: Json) => {
      if (given.hidden?.includes(kind)) throw forbidden('get', kind)
      return { metadata: { labels: { 'kubernetes.io/metadata.name': metadata.name } } }
    },
    create: async (object: Json) => {
      created.push(object)
      return create(object)
    },
  } as unknown as Cluster
  return { cluster, asked, created }
}

const findingsFor = async (given: Given, sections: Json = {}, name = known('production')) => {
  const { cluster, asked, created } = clusterOf(given)
  const { kubernetesVersion = 'v1.37.2' } = given
  const config = configFrom({ ...sections, function: { envFiles: true, ...sections.function } })
  const question = { config, name, kubernetesVersion, namespace: 'tasks' }
  const envFiles = await gatherEnvFileFacts(cluster, question)
  const findings = envFilesCheck.look({ config, kubernetesVersion, envFiles })
  expect(undocumentedFindings(findings)).toEqual([])
  return { findings, asked, created }
}

const account = (name: string, annotations: Json = {}): Json => ({ metadata: { name, annotations } })
const withRole = [
  account('default'),
  account('role', { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/tasks' }),
]
const podWebhook = (name: string, changes: Json = {}): Json => ({
  metadata: { name },
  webhooks: [
    {
      name: `${name}.example.com`,
      rules: [{ operations: ['CREATE'], apiGroups: [''], resources: ['pods'] }],
      clientConfig: {},
      ...changes,
    },
  ],
})
const deployment = (image: string, replicas = 1): V1Deployment => ({
  metadata: { name: 'it', namespace: 'kube-system' },
  spec: { replicas, selector: {}, template: { spec: { containers: [{ name: 'main', image }] } } },
})
const vault = { webhook: { secretManagerType: 'Vault' } }
const agentLast = {
  webhook: {
    secretManagerType: 'Vault',
    vaultSecretManager: { annotations: { 'vault.hashicorp.com/agent-init-first': 'false' } },
  },
}
const identity = (tag: string) =>
  `602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-eks-pod-identity-webhook${tag}`
/** Removes whole variables. No API server rejects such a pod. */
const withoutVariables = (pod: Json): Json => {
  for (const one of [...pod.spec.containers, ...pod.spec.initContainers]) delete one.env
  return pod
}
const onlyIn = (container: 'initContainers' | 'containers') => (pod: Json) => ({
  ...pod,
  spec: { ...pod.spec, [container]: withoutField(pod.spec[container]) },
})

interface Row {
  readonly what: string
  readonly given: Given
  readonly sections?: Json
  readonly level: Level
  readonly says: string
  readonly next?: string
}

const rows: readonly Row[] = [
  {
    what: 'nodes with 1.35 and later, and no role',
    given: {},
    level: 'ok',
    says: 'every kubelet is 1.35 or later, and a pod in tasks keeps fileKeyRef (server-side dry run); no service account there has an IAM role',
  },
  {
    what: 'a service account with a role',
    given: { accounts: withRole },
    level: 'ok',
    says: 'a pod in tasks, under the service account role with its IAM role, keeps fileKeyRef',
  },
  {
    what: 'an older node',
    given: { kubelets: ['v1.35.0', 'v1.34.9-eks-1'] },
    level: 'problem',
    says: '1 of 2 nodes have a kubelet before 1.35, where a variable from a file is silently empty: node-1 (v1.34.9-eks-1)',
    next: 'upgrade these nodes, or leave the cluster out of function.envFiles',
  },
  {
    what: 'many older nodes',
    given: { kubelets: ['v1.35.0', ...Array<string>(5).fill('v1.9.0')] },
    level: 'problem',
    says: '5 of 6 nodes have a kubelet before 1.35, where a variable from a file is silently empty: node-1 (v1.9.0), node-2 (v1.9.0), node-3 (v1.9.0) and 2 more',
  },
  {
    what: 'a node without a version',
    given: { kubelets: [''] },
    level: 'problem',
    says: '1 of 1 nodes have a kubelet before 1.35, where a variable from a file is silently empty: node-0 ()',
  },
  {
    what: 'no node',
    given: { kubelets: [] },
    level: 'warning',
    says: 'skipped: the cluster has no nodes now',
  },
  {
    what: 'nodes that the user cannot list',
    given: { hidden: ['Node'] },
    level: 'warning',
    says: 'skipped: this user cannot list nodes: allow it with an RBAC role',
  },
  {
    what: 'service accounts that the user cannot list',
    given: { hidden: ['ServiceAccount'] },
    level: 'warning',
    says: 'skipped: this user cannot list serviceaccounts: allow it with an RBAC role',
  },
  {
    what: 'pods that the user cannot create',
    given: { hidden: ['Pod'] },
    level: 'warning',
    says: 'skipped: this user cannot create pods: allow it with an RBAC role',
  },
  {
    what: 'Deployments that the user cannot list',
    given: { hidden: ['Deployment'] },
    level: 'warning',
    says: 'skipped: this user cannot list deployments: allow it with an RBAC role',
  },
  ...(['v1.34.3', 'v1.33.1-eks-1'] as const).map(
    (kubernetesVersion): Row => ({
      what: `the older API server ${kubernetesVersion}`,
      given: { kubernetesVersion, takesField: false },
      level: 'problem',
      says: `the API server (${kubernetesVersion}) does not know fileKeyRef: it refuses pods with one`,
      next: 'upgrade to Kubernetes 1.35 or later, or leave the cluster out of function.envFiles',
    }),
  ),
  {
    what: 'an API server with its gate off',
    given: { takesField: false },
    level: 'problem',
    says: 'the API server (v1.37.2) has the feature gate EnvFiles off: it refuses pods with a fileKeyRef',
    next: 'switch the feature gate EnvFiles on, or leave the cluster out of function.envFiles',
  },
  {
    what: 'an older API server, and no permission to create a PodTemplate',
    given: { kubernetesVersion: 'v1.34.3', takesField: false, hidden: ['PodTemplate'] },
    level: 'problem',
    says: 'the API server (v1.34.3) does not know fileKeyRef',
  },
  {
    what: 'a webhook that drops the field, and no permission to create a PodTemplate',
    given: { mutate: withoutField, hidden: ['PodTemplate'] },
    level: 'problem',
    says: 'a pod in tasks loses fileKeyRef to a webhook (server-side dry run)',
  },
  {
    what: 'pod-identity-webhook, which drops the field under a role',
    given: {
      accounts: withRole,
      mutate: withoutField,
      webhooks: [
        podWebhook('other'),
        podWebhook('pod-identity-webhook', { name: 'iam-for-pods.amazonaws.com' }),
      ],
    },
    level: 'problem',
    says: 'a pod in tasks, under the service account role with its IAM role, loses fileKeyRef to a webhook (server-side dry run): probably iam-for-pods.amazonaws.com, because pod-identity-webhook before 0.6.9 drops it',
    next: 'upgrade pod-identity-webhook to 0.6.9 or later, or leave the cluster out of function.envFiles',
  },
  {
    what: 'Vault’s injector, which drops the field',
    given: { mutate: onlyIn('initContainers'), webhooks: [podWebhook('vault-agent-injector-cfg')] },
    level: 'problem',
    says: 'probably vault-agent-injector-cfg.example.com, because vault-k8s before 1.7.1 drops it',
    next: 'upgrade vault-k8s to 1.7.1 or later, or leave the cluster out of function.envFiles',
  },
  {
    what: 'another webhook, which drops the field from containers',
    given: {
      mutate: onlyIn('containers'),
      webhooks: [
        podWebhook('one'),
        podWebhook('two'),
        podWebhook('vault-elsewhere', {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } },
        }),
        podWebhook('vault-labelled', { objectSelector: { matchLabels: { vault: 'true' } } }),
      ],
    },
    level: 'problem',
    says: 'a pod in tasks loses fileKeyRef to a webhook (server-side dry run); candidates: one.example.com, two.example.com',
    next: 'upgrade the program of the webhook, or leave the cluster out of function.envFiles',
  },
  {
    what: 'a webhook that removes the variable',
    given: { mutate: withoutVariables, webhooks: [podWebhook('one')] },
    level: 'problem',
    says: 'a pod in tasks loses fileKeyRef to a webhook (server-side dry run); candidates: one.example.com',
  },
  {
    what: 'a webhook that the user cannot list',
    given: { mutate: withoutField, hidden: ['MutatingWebhookConfiguration'] },
    level: 'problem',
    says: 'a pod in tasks loses fileKeyRef to a webhook (server-side dry run)',
  },
  ...([':v0.6.8', ':0.5.10', ':v0.6.9', ':v0.10.0@sha256:0123', ':1.0.0'] as const).map(
    (tag, index): Row => ({
      what: `pod-identity-webhook${tag}`,
      given: { deployments: [deployment(identity(tag))] },
      ...(index < 2
        ? {
            level: 'problem',
            says: `Deployment kube-system/it runs pod-identity-webhook ${tag.slice(1)}, which drops fileKeyRef from the pods of service accounts with an IAM role`,
            next: 'upgrade pod-identity-webhook to 0.6.9 or later, or leave the cluster out of function.envFiles',
          }
        : { level: 'ok', says: 'every kubelet is 1.35 or later' }),
    }),
  ),
  {
    what: 'an older pod-identity-webhook, whatever the dry run says',
    given: { accounts: withRole, deployments: [deployment(identity(':v0.6.8'))] },
    level: 'problem',
    says: 'runs pod-identity-webhook v0.6.8',
  },
  ...(['@sha256:0123', '', ':latest', ':v0.7'] as const).map(
    (tag): Row => ({
      what: `pod-identity-webhook${tag}, and no role`,
      given: { deployments: [deployment(identity(tag))] },
      level: 'warning',
      says: 'the image of Deployment kube-system/it has no version in its tag: before 0.6.9 pod-identity-webhook drops fileKeyRef from the pods of service accounts with an IAM role',
      next: 'check that it is 0.6.9 or later',
    }),
  ),
  {
    what: 'pod-identity-webhook without a version, and a pod that kept the field under a role',
    given: { accounts: withRole, deployments: [deployment(identity('@sha256:0123'))] },
    level: 'ok',
    says: 'under the service account role with its IAM role, keeps fileKeyRef',
  },
  {
    what: 'an older pod-identity-webhook that does not run',
    given: { deployments: [deployment(identity(':v0.6.8'), 0)] },
    level: 'ok',
    says: 'every kubelet is 1.35 or later',
  },
  {
    what: 'an older vault-k8s that is not used',
    given: { deployments: [deployment('hashicorp/vault-k8s:1.7.0')] },
    level: 'ok',
    says: 'every kubelet is 1.35 or later',
  },
  {
    what: 'an older vault-k8s',
    given: { deployments: [deployment('hashicorp/vault-k8s:1.7.0')] },
    sections: vault,
    level: 'problem',
    says: 'Deployment kube-system/it runs vault-k8s 1.7.0, which drops fileKeyRef from the init containers that it moves after its own (agent-init-first)',
    next: 'upgrade vault-k8s to 1.7.1 or later, or leave the cluster out of function.envFiles',
  },
  {
    what: 'an older vault-k8s that moves nothing',
    given: { deployments: [deployment('registry.example/mirror/vault-k8s:1.6.2-ubi')] },
    sections: agentLast,
    level: 'warning',
    says: 'runs vault-k8s 1.6.2-ubi',
    next: 'upgrade vault-k8s to 1.7.1 or later, or leave the cluster out of function.envFiles',
  },
  {
    what: 'vault-k8s 1.7.1',
    given: { deployments: [deployment('hashicorp/vault-k8s:1.7.1')] },
    sections: vault,
    level: 'ok',
    says: 'every kubelet is 1.35 or later',
  },
  {
    what: 'vault-k8s without a version',
    given: { deployments: [deployment('hashicorp/vault-k8s:latest')] },
    sections: vault,
    level: 'warning',
    says: 'has no version in its tag: before 1.7.1 vault-k8s drops',
    next: 'check that it is 1.7.1 or later',
  },
  {
    what: 'no vault-k8s',
    given: {},
    sections: vault,
    level: 'warning',
    says: 'no Deployment runs vault-k8s, so its version is unknown',
    next: 'check that it is 1.7.1 or later',
  },
]

describe('the check of variables from files', () => {
  it.each(rows)('reports $what: $level', async ({ given, sections, level, says, next }) => {
    const { findings } = await findingsFor(given, sections)
    expect(findings).toEqual([
      {
        level,
        message: expect.stringContaining(says),
        ...(level === 'problem' || next !== undefined ? { next: next ?? expect.any(String) } : {}),
      },
    ])
  })

  it('reports every problem', async () => {
    const { findings } = await findingsFor(
      {
        kubelets: ['v1.34.0'],
        mutate: withoutField,
        deployments: [deployment(identity(':v0.6.8')), deployment('hashicorp/vault-k8s:1.7.0')],
      },
      vault,
    )
    expect(findings.map(({ level }) => level)).toEqual(Array<string>(4).fill('problem'))
  })

  it.each([
    { what: 'off', envFiles: false },
    { what: 'for other clusters', envFiles: ['staging', 'test-*'] },
  ])('asks nothing if function.envFiles is $what', async ({ envFiles }) => {
    const { findings, asked, created } = await findingsFor({}, { function: { envFiles } })
    expect(findings).toEqual([{ level: 'ok', message: 'function.envFiles does not name this cluster' }])
    expect([...asked, ...created]).toEqual([])
  })

  it('checks a cluster that a pattern of function.envFiles names', async () => {
    const { findings } = await findingsFor({ kubelets: ['v1.34.0'] }, { function: { envFiles: ['prod*'] } })
    expect(findings.map(({ level }) => level)).toEqual(['problem'])
  })

  const nameless = unknown('nothing is registered') as never

  it('is skipped if the cluster’s name is unknown and function.envFiles is a list', async () => {
    const { findings } = await findingsFor({}, { function: { envFiles: ['production'] } }, nameless)
    expect(findings).toEqual([{ level: 'warning', message: 'skipped: nothing is registered' }])
  })

  it('checks a cluster without a name if function.envFiles names all', async () => {
    const { findings } = await findingsFor({}, {}, nameless)
    expect(findings.map(({ level }) => level)).toEqual(['ok'])
  })
})

describe('the pod with variables from files', () => {
  it('lacks this webhook’s label, and reads the variable after the file is written', async () => {
    const { created } = await findingsFor({ accounts: withRole })
    const [pod, ...more] = created as V1Pod[]
    expect(more).toEqual([])
    expect(pod?.metadata).toEqual({ name: 'flyte-webhook-doctor-env-files', namespace: 'tasks' })
    expect(pod?.spec?.serviceAccountName).toBe('role')
    expect(pod?.spec?.volumes).toEqual([{ name: 'flyte-secret-env', emptyDir: { medium: 'Memory' } }])
    const all = [...(pod?.spec?.initContainers ?? []), ...(pod?.spec?.containers ?? [])]
    const taken = [{ fileKeyRef: { volumeName: 'flyte-secret-env', path: 'trial.env', key: 'V' } }]
    expect(all.map(({ env }) => env?.map(({ valueFrom }) => valueFrom))).toEqual([undefined, taken, taken])
  })
})
