import type { AnyDescription } from '../manager-kit/definition.ts'
import { findUnknownClusters } from './allow-rules.ts'
import type { Config } from './config.ts'
import { profileDefaults } from './defaults.ts'
import { described } from './described-manager.ts'
import { choicesOf, envFileManagers, envFileWayOf } from './env-file-way.ts'
import { everyKey, placesOf } from './manager-keys.ts'
import { namedManagers, resolveProfile } from './managers.ts'
import { valueAt } from '../yaml/plain-data.ts'
import type { ConfigFinding } from './problem.ts'
import type { Path } from '../yaml/path.ts'
import type { WebhookYaml } from './schema.ts'
import { keysWithoutEffect } from './webhook-section.ts'
import { listNames } from './wording.ts'

/** Said of the keys of Flyte's own server, of which a configuration of Flyte has many. */
export const noServer =
  'has no effect here: the function has no server, certificates or Kubernetes client of its own'
const managersPath: Path = ['webhook', 'secretManagerTypes']
const envFilesPath: Path = ['function', 'envFiles']
const reads: readonly Path[] = [managersPath, ['webhook', 'secretManagerType'], ['function', 'profile']]

/** Valid settings that may not do what the operator expects. Each message continues the path. */
export const findNotices = (
  input: WebhookYaml,
  config: Config,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] => {
  const asked = managers.filter(({ name }) => config.webhook.secretManagerTypes.includes(name))
  const others = managers.filter((manager) => !asked.includes(manager))
  return [
    ...findWithoutEffect(input, managers),
    ...findIgnoredManagers(input),
    ...findOtherPrefix(input),
    ...findUnasked(input, others),
    ...findNoVariables(input, config, asked),
    ...findOfEnvFiles(input, config, { asked, managers }),
    ...asked.flatMap((manager) => findOfManager(input, config, manager)),
    ...findUnknownClusters(input, managers),
  ]
}

const withoutEffect = (
  managers: readonly AnyDescription[],
): readonly { readonly path: Path; readonly message: string }[] => [
  ...Object.keys(keysWithoutEffect).map((key) => ({ path: ['webhook', key], message: noServer })),
  ...everyKey(managers).flatMap(({ path, key }) =>
    key.kind === 'unused' ? [{ path, message: noServer }] : [],
  ),
  {
    path: ['secrets', 'type'],
    message: 'has no effect here: global secrets come from the environment and from files',
  },
]

const findWithoutEffect = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] =>
  withoutEffect(managers).filter(({ path }) => valueAt(input, path) !== undefined)

const findIgnoredManagers = (input: WebhookYaml): readonly ConfigFinding[] => {
  const named = namedManagers(input)
  const repeated = named.filter(({ name }, index) => named.findIndex((other) => other.name === name) < index)
  const isSingleIgnored = input.webhook?.secretManagerType && named[0]?.path[1] === 'secretManagerTypes'
  return [
    ...repeated.map(({ name, path }) => ({ path, message: `has no effect: ${name} is already in the list` })),
    ...(isSingleIgnored
      ? [
          {
            path: ['webhook', 'secretManagerType'],
            message: 'has no effect if webhook.secretManagerTypes is set, as in Flyte',
          },
        ]
      : []),
  ]
}

/** The prefix that Flyte 1 has by default, in a configuration for Flyte 2: what is left when only the profile was changed. */
const findOtherPrefix = (input: WebhookYaml): readonly ConfigFinding[] => {
  const { flyte1, flyte2 } = profileDefaults
  const isLeft =
    resolveProfile(input) === 'flyte2' && input.webhook?.secretEnvVarPrefix === flyte1.secretEnvVarPrefix
  if (!isLeft) return []
  const path: Path = ['webhook', 'secretEnvVarPrefix']
  return [
    {
      path,
      message: `is the default of Flyte 1: variables begin with ${flyte1.secretEnvVarPrefix}. Remove the key to get ${flyte2.secretEnvVarPrefix}, the default of Flyte 2`,
      reads: [path, ['function', 'profile']],
    },
  ]
}

/** Sections of managers that the webhook does not ask. */
const findUnasked = (input: WebhookYaml, others: readonly AnyDescription[]): readonly ConfigFinding[] =>
  others.flatMap(({ name, section, isNoticedUnasked }) => {
    const paths: Path[] = [['function', 'managers', name]]
    if (isNoticedUnasked && section !== undefined) paths.push(['webhook', section])
    return paths
      .filter((path) => valueAt(input, path))
      .map((path) => ({
        path,
        message: `has no effect: ${name} is not in webhook.secretManagerTypes`,
        reads,
      }))
  })

/** A manager's notices about its own options, at its key, or else where the file names the manager. */
const findOfManager = (
  input: WebhookYaml,
  config: Config,
  manager: AnyDescription,
): readonly ConfigFinding[] => {
  const { notices } = described(manager, config)
  return notices.map(({ key, message }) => ({ ...placeOf(input, manager, key), message }))
}

const placeOf = (
  input: WebhookYaml,
  manager: AnyDescription,
  key: string | undefined,
): Pick<ConfigFinding, 'path' | 'reads'> => {
  const places = placesOf(manager).map(({ path }) => path)
  const ofKey =
    key === undefined
      ? []
      : placesOf(manager).flatMap(({ path, keys }) => (key in keys ? [[...path, key]] : []))
  const named = namedManagers(input).flatMap(({ name, path }) => (name === manager.name ? [path] : []))
  const path = [...ofKey, ...named, ...places].find((each) => valueAt(input, each))
  return { path: path ?? ['function', 'profile'], reads: [...reads, ...ofKey] }
}

const findNoVariables = (
  input: WebhookYaml,
  config: Config,
  asked: readonly AnyDescription[],
): readonly ConfigFinding[] => {
  const others = asked
    .map((manager) => described(manager, config))
    .filter(({ makes }) => makes !== 'variables')
  const isWarned =
    resolveProfile(input) === 'flyte2' && others.length > 0 && others.every(({ makes }) => makes === 'files')
  if (!isWarned) return []
  const names = config.webhook.secretManagerTypes.filter((name) =>
    others.some((manager) => manager.name === name),
  )
  const able = config.function.envFiles === undefined ? envFileManagers(asked, config) : []
  const wayOut =
    able.length === 0
      ? ''
      : `. With function.envFiles, on Kubernetes 1.35 or later, they also come from ${listNames(able)}`
  return [
    {
      path: namedManagers(input)[0]?.path.slice(0, 2) ?? managersPath,
      message: `names only managers that make files (${names.join(', ')}): secrets asked for as ENV_VAR, the default of the Flyte 2 SDK, come from the global secrets or not at all${wayOut}`,
      reads: [...reads, envFilesPath],
    },
  ]
}

/** What `function.envFiles` needs, and where it has no effect (specification §4.8). */
const findOfEnvFiles = (
  input: WebhookYaml,
  config: Config,
  { asked, managers }: Readonly<Record<'asked' | 'managers', readonly AnyDescription[]>>,
): readonly ConfigFinding[] => {
  const { envFiles } = config.function
  if (envFiles === undefined) return []
  const ways = asked.map((manager) => ({ manager, way: envFileWayOf(manager, config) }))
  const isUsed = ways.some(({ way }) => way?.kind === 'as-configured')
  const where = envFiles === true ? 'every cluster' : 'these clusters'
  return [
    {
      path: envFilesPath,
      message: isUsed
        ? `needs Kubernetes 1.35 or later in ${where}, in the API server and in every kubelet: on an older kubelet the variable is silently empty. flyte-webhook doctor checks a cluster`
        : `has no effect: no configured manager makes variables from files. These can: ${envFileManagers(managers, config).join(', ')}`,
      reads: [...reads, envFilesPath, ...asked.flatMap(choicesOf).map(({ path }) => path)],
    },
    ...ways.flatMap(({ manager, way }) =>
      way?.kind === 'choice'
        ? [
            {
              ...placeOf(input, manager, way.key),
              message: `makes only files, even with function.envFiles: for variables, set ${way.write}`,
            },
          ]
        : [],
    ),
  ]
}
