import { makesFilesOnly } from '../manager-names.ts'
import { findUnknownClusters } from './allow-rules.ts'
import { embeddedDefaults } from './defaults.ts'
import { namedManagers, resolveManagers, resolveProfile } from './managers.ts'
import { valueAt } from './plain-data.ts'
import type { Finding, Path } from './problem.ts'
import type { WebhookYaml } from './schema.ts'
import { keysWithoutEffect } from './webhook-section.ts'

const noServer =
  'has no effect here: the function has no server, certificates or Kubernetes client of its own'
const managersPath: Path = ['webhook', 'secretManagerTypes']
const fetcherPath: Path = ['function', 'aws', 'fetcher']
const reads: readonly Path[] = [managersPath, ['webhook', 'secretManagerType'], ['function', 'profile']]

/** What is not wrong, but does not do what the operator may think. The messages go on where the path ends. */
export const findNotices = (input: WebhookYaml): readonly Finding[] => [
  ...findWithoutEffect(input),
  ...findIgnoredManagers(input),
  ...findUnusedEmbedded(input),
  ...findNoVariables(input),
  ...findOpenEmbedded(input),
  ...findUnknownClusters(input),
  ...findSidecar(input),
]

const withoutEffect: readonly { readonly path: Path; readonly message: string }[] = [
  ...Object.keys(keysWithoutEffect).map((key) => ({ path: ['webhook', key], message: noServer })),
  {
    path: ['webhook', 'embeddedSecretManagerConfig', 'k8sConfig', 'kubeClientConfig'],
    message: noServer,
  },
  {
    path: ['secrets', 'type'],
    message: 'has no effect here: global secrets come from the environment and from files',
  },
]

const findWithoutEffect = (input: WebhookYaml): readonly Finding[] =>
  withoutEffect.filter(({ path }) => valueAt(input, path) !== undefined)

const findIgnoredManagers = (input: WebhookYaml): readonly Finding[] => {
  const named = namedManagers(input)
  const repeated = named.filter(({ name }, index) => named.findIndex((other) => other.name === name) < index)
  const isSingleIgnored = input.webhook?.secretManagerType && named[0]?.path[1] === 'secretManagerTypes'
  return [
    ...repeated.map(({ name, path }) => ({ path, message: `has no effect: ${name} is asked already` })),
    ...(isSingleIgnored
      ? [
          {
            path: ['webhook', 'secretManagerType'],
            message: 'has no effect beside webhook.secretManagerTypes, as in Flyte',
          },
        ]
      : []),
  ]
}

const findUnusedEmbedded = (input: WebhookYaml): readonly Finding[] =>
  input.webhook?.embeddedSecretManagerConfig && !resolveManagers(input).includes('Embedded')
    ? [
        {
          path: ['webhook', 'embeddedSecretManagerConfig'],
          message: 'has no effect: Embedded is not among the managers of webhook.secretManagerTypes',
          reads,
        },
      ]
    : []

/** Specification §4.7: the labels that say whose a pod is are written by its author. */
const findOpenEmbedded = (input: WebhookYaml): readonly Finding[] => {
  if (!resolveManagers(input).includes('Embedded') || input.function?.embedded?.allow) return []
  const { type, k8sConfig } = input.webhook?.embeddedSecretManagerConfig ?? {}
  const whose =
    type === 'AWS' ? '' : ` of the namespace ${k8sConfig?.namespace ?? embeddedDefaults.namespace}`
  const message = `gives every pod${whose} the secrets of any organization, domain and project that its labels name: say whose pods may have which in function.embedded.allow`
  return [{ path: embeddedPath(input), message, reads }]
}

/** The place of the file that makes Embedded a manager, or says how it works. */
const embeddedPath = (input: WebhookYaml): Path => {
  const section: Path = ['webhook', 'embeddedSecretManagerConfig']
  const places = [
    [...section, 'type'],
    section,
    ...namedManagers(input).flatMap(({ name, path }) => (name === 'Embedded' ? [path] : [])),
  ]
  return places.find((path) => valueAt(input, path)) ?? ['function', 'profile']
}

/** Specification §4.3. aws-sdk-go 1.35.0, `aws/defaults/defaults.go`, `localHTTPCredProvider`: only loopback hosts are allowed. */
const findSidecar = (input: WebhookYaml): readonly Finding[] => {
  const aws = namedManagers(input).find(({ name }) => name === 'AWS')
  const fetcher = input.function?.aws?.fetcher
  if (aws === undefined || fetcher === 'cli') return []
  const message =
    'pulls secrets with the sidecar of Flyte, which makes files only and works with IAM roles for service accounts only: its AWS SDK of 2020 refuses the address of the agent of EKS Pod Identity, and the container then exits 0 without the file. With EKS Pod Identity write function.aws.fetcher: cli'
  return [{ path: fetcher ? fetcherPath : aws.path, message, reads: [fetcherPath] }]
}

const findNoVariables = (input: WebhookYaml): readonly Finding[] => {
  const plugins = resolveManagers(input).filter((name) => name !== 'Global')
  const isWarned = resolveProfile(input) === 'flyte2' && plugins.length > 0 && plugins.every(makesFilesOnly)
  if (!isWarned) return []
  return [
    {
      path: namedManagers(input)[0]?.path.slice(0, 2) ?? managersPath,
      message: `names only managers that make files (${plugins.join(', ')}): secrets asked for as ENV_VAR, the default of the Flyte 2 SDK, come from the global secrets or not at all`,
      reads,
    },
  ]
}
