import { sha256Hex } from '../digest.ts'
import type { AnyDescription } from '../manager-kit/definition.ts'
import type {
  AllowRule,
  Config,
  FunctionConfig,
  LabelSelector,
  ManagerEntry,
  WebhookConfig,
} from './config.ts'
import { functionDefaults, profileDefaults, secretsDefaults } from './defaults.ts'
import { entryKeysOf, placesOf, resolveKeys } from './manager-keys.ts'
import { resolveManagers, resolveProfile } from './managers.ts'
import { canonicalJson, defined, present, valueAt } from '../yaml/plain-data.ts'
import type { WebhookYaml } from './schema.ts'

/** Fills in every default of a valid file. */
export const resolveConfig = (input: WebhookYaml, managers: readonly AnyDescription[]): Config => {
  const rest = {
    webhook: resolveWebhook(input, managers),
    secrets: {
      'env-prefix': input.secrets?.['env-prefix'] ?? secretsDefaults['env-prefix'],
      'secrets-prefix': input.secrets?.['secrets-prefix'] ?? secretsDefaults['secrets-prefix'],
    },
    function: resolveFunction(input, managers),
  }
  return { digest: digestOf(rest), ...rest }
}

const digestOf = (value: unknown): string => sha256Hex(canonicalJson(value)).slice(0, 16)

const resolveWebhook = (input: WebhookYaml, managers: readonly AnyDescription[]): WebhookConfig => ({
  secretManagerTypes: resolveManagers(input),
  secretEnvVarPrefix:
    input.webhook?.secretEnvVarPrefix ?? profileDefaults[resolveProfile(input)].secretEnvVarPrefix,
  ...resolveSections('webhook', input, managers),
})

/** The sections of managers in a part of the file, with their defaults. */
const resolveSections = (
  part: 'webhook' | 'function',
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): Readonly<Record<string, object>> =>
  Object.fromEntries(
    managers
      .flatMap(placesOf)
      .filter(({ path }) => path[0] === part && path.length === 2)
      .map(({ path, keys }) => [String(path[1]), resolveKeys(keys, valueAt(input, path))] as const),
  )

/** `function.managers`, without managers that have no entry. */
const resolveEntries = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): Readonly<Record<string, ManagerEntry>> =>
  Object.fromEntries(
    managers
      .map((manager): [string, ManagerEntry] => {
        const written = valueAt(input, ['function', 'managers', manager.name])
        const entry = resolveKeys(entryKeysOf(manager), written)
        return [
          manager.name,
          manager.origin === undefined ? entry : { ...entry, sha256: manager.origin.sha256 },
        ]
      })
      .filter(([, entry]) => Object.keys(entry).length > 0),
  )

const resolveFunction = (input: WebhookYaml, managers: readonly AnyDescription[]): FunctionConfig => {
  const { aws = {}, ...sections } = resolveSections('function', input, managers)
  const entries = resolveEntries(input, managers)
  const { region, endpoint } = input.function?.aws ?? {}
  return {
    profile: resolveProfile(input),
    onFailure: input.function?.onFailure ?? functionDefaults.onFailure,
    callers: resolveCallers(input.function?.callers ?? {}),
    globalSecrets: resolveGlobalSecrets(input.function?.globalSecrets ?? {}),
    ...resolveEnvFiles(input.function?.envFiles),
    ...sections,
    aws: { ...aws, ...defined({ region, endpoint }) },
    ...(Object.keys(entries).length === 0 ? {} : { managers: entries }),
    registration: resolveRegistration(input),
  }
}

const resolveEnvFiles = (
  written: NonNullable<WebhookYaml['function']>['envFiles'],
): Pick<FunctionConfig, 'envFiles'> => {
  if (Array.isArray(written)) return { envFiles: present(written) }
  return written === true ? { envFiles: true } : {}
}

type FunctionSection = NonNullable<WebhookYaml['function']>

const resolveGlobalSecrets = ({
  secretsManager,
  allow,
  ttlMs,
  maxStaleMs,
}: NonNullable<FunctionSection['globalSecrets']>): FunctionConfig['globalSecrets'] => ({
  secretsManager: present(secretsManager ?? []).map(({ secretId, group, key }) => ({
    secretId,
    ...defined({ group, key }),
  })),
  ...(allow
    ? { allow: present(allow).map((rule) => ({ groups: present(rule.groups), ...whose(rule) })) }
    : {}),
  ttlMs: ttlMs ?? functionDefaults.ttlMs,
  maxStaleMs: maxStaleMs ?? functionDefaults.maxStaleMs,
})

type Names = readonly (string | undefined)[] | null | undefined

const whose = (rule: {
  readonly namespaces?: Names
  readonly clusters?: Names
  readonly users?: Names
}): AllowRule => ({
  ...(rule.namespaces ? { namespaces: present(rule.namespaces) } : {}),
  ...(rule.clusters ? { clusters: present(rule.clusters) } : {}),
  ...(rule.users ? { users: present(rule.users) } : {}),
})

const resolveCallers = ({
  clusters,
  anonymous,
  publicEndpoint,
}: NonNullable<FunctionSection['callers']>): FunctionConfig['callers'] => ({
  tokenSha256: Object.fromEntries(
    Object.entries(clusters ?? {}).map(([cluster, slots]) => [
      cluster,
      (slots.tokenSha256 ?? []).flatMap((digest) => digest?.toLowerCase() ?? []),
    ]),
  ),
  ...defined({ anonymous, publicEndpoint }),
})

const resolveRegistration = (input: WebhookYaml): FunctionConfig['registration'] => {
  const { reinvocation, timeoutSeconds, namespaceSelector } = input.function?.registration ?? {}
  const selector = namespaceSelector ?? input.webhook?.namespaceSelector
  return {
    reinvocation: reinvocation ?? functionDefaults.reinvocation,
    timeoutSeconds: timeoutSeconds ?? functionDefaults.timeoutSeconds,
    ...(selector ? { namespaceSelector: resolveSelector(selector) } : {}),
  }
}

const resolveSelector = ({
  matchLabels,
  matchExpressions,
}: NonNullable<NonNullable<WebhookYaml['webhook']>['namespaceSelector']>): LabelSelector => ({
  ...defined({ matchLabels }),
  ...(matchExpressions
    ? {
        matchExpressions: present(matchExpressions).map(({ key, operator, values }) => ({
          key,
          operator,
          ...(values ? { values: present(values) } : {}),
        })),
      }
    : {}),
})
