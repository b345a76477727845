import { hash } from 'node:crypto'
import type {
  AllowRule,
  Config,
  EmbeddedConfig,
  FunctionConfig,
  LabelSelector,
  SidecarConfig,
  WebhookConfig,
} from './config.ts'
import {
  cliImage as defaultCliImage,
  embeddedDefaults,
  fileMountResources,
  functionDefaults,
  profileDefaults,
  secretsDefaults,
  sidecarImages,
  sidecarResources,
  vaultDefaults,
} from './defaults.ts'
import { resolveManagers, resolveProfile } from './managers.ts'
import { canonicalJson, defined, present } from './plain-data.ts'
import { resolveResources } from './resources.ts'
import type { WebhookYaml } from './schema.ts'

/** Fills in every default of a valid file. */
export const resolveConfig = (input: WebhookYaml): Config => {
  const rest = {
    webhook: resolveWebhook(input),
    secrets: {
      'env-prefix': input.secrets?.['env-prefix'] ?? secretsDefaults['env-prefix'],
      'secrets-prefix': input.secrets?.['secrets-prefix'] ?? secretsDefaults['secrets-prefix'],
    },
    function: resolveFunction(input),
  }
  return { digest: digestOf(rest), ...rest }
}

const digestOf = (value: unknown): string => hash('sha256', canonicalJson(value)).slice(0, 16)

const resolveWebhook = (input: WebhookYaml): WebhookConfig => ({
  secretManagerTypes: resolveManagers(input),
  secretEnvVarPrefix:
    input.webhook?.secretEnvVarPrefix ?? profileDefaults[resolveProfile(input)].secretEnvVarPrefix,
  awsSecretManager: resolveSidecar(input, 'awsSecretManager'),
  gcpSecretManager: resolveSidecar(input, 'gcpSecretManager'),
  azureSecretManager: resolveSidecar(input, 'azureSecretManager'),
  vaultSecretManager: resolveVault(input.webhook?.vaultSecretManager ?? {}),
  embeddedSecretManagerConfig: resolveEmbedded(input),
})

type WebhookSection = NonNullable<WebhookYaml['webhook']>

const resolveVault = ({
  role,
  kvVersion,
  annotations,
}: NonNullable<WebhookSection['vaultSecretManager']>): WebhookConfig['vaultSecretManager'] => ({
  role: role ?? vaultDefaults.role,
  kvVersion: kvVersion ?? vaultDefaults.kvVersion,
  annotations: annotations ?? {},
})

const resolveEmbedded = (input: WebhookYaml): EmbeddedConfig => {
  const { type, awsConfig, k8sConfig, fileMountInitContainer } =
    input.webhook?.embeddedSecretManagerConfig ?? {}
  const { image, resources, containerName } = fileMountInitContainer ?? {}
  return {
    type: type === 'AWS' ? 'AWS' : embeddedDefaults.type,
    awsConfig: awsConfig?.region ? { region: awsConfig.region } : {},
    k8sConfig: { namespace: k8sConfig?.namespace ?? embeddedDefaults.namespace },
    fileMountInitContainer: {
      image: input.function?.embedded?.image ?? image ?? embeddedDefaults.image,
      resources: resolveResources(resources, fileMountResources),
      containerName: containerName ?? embeddedDefaults.containerName,
    },
  }
}

const resolveSidecar = (input: WebhookYaml, manager: keyof typeof sidecarImages): SidecarConfig => ({
  sidecarImage: input.webhook?.[manager]?.sidecarImage ?? sidecarImages[manager],
  resources: resolveResources(input.webhook?.[manager]?.resources, sidecarResources),
})

const resolveFunction = (input: WebhookYaml): FunctionConfig => ({
  profile: resolveProfile(input),
  onFailure: input.function?.onFailure ?? functionDefaults.onFailure,
  callers: resolveCallers(input.function?.callers ?? {}),
  globalSecrets: resolveGlobalSecrets(input.function?.globalSecrets ?? {}),
  embedded: resolveEmbeddedAllow(input.function?.embedded ?? {}),
  aws: resolveAws(input.function?.aws ?? {}),
  registration: resolveRegistration(input),
})

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

const resolveEmbeddedAllow = ({
  allow,
}: NonNullable<FunctionSection['embedded']>): FunctionConfig['embedded'] =>
  allow
    ? {
        allow: present(allow).map((rule) => ({
          organizations: present(rule.organizations),
          projects: present(rule.projects),
          domains: present(rule.domains),
          ...whose(rule),
        })),
      }
    : {}

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

const resolveAws = ({
  fetcher,
  cliImage,
  region,
  endpoint,
}: NonNullable<FunctionSection['aws']>): FunctionConfig['aws'] => ({
  fetcher: fetcher ?? functionDefaults.fetcher,
  cliImage: cliImage ?? defaultCliImage,
  ...defined({ region, endpoint }),
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
}: NonNullable<WebhookSection['namespaceSelector']>): LabelSelector => ({
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
