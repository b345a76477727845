import { createHash } from 'node:crypto'
import type { Config, FunctionConfig, SidecarConfig, WebhookConfig } from './config.ts'
import {
  functionDefaults,
  profileDefaults,
  secretsDefaults,
  sidecarImages,
  sidecarResources,
  vaultDefaults,
} from './defaults.ts'
import { resolveManagers, resolveProfile } from './managers.ts'
import { canonicalJson } from './plain-data.ts'
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

const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16)

const resolveWebhook = (input: WebhookYaml): WebhookConfig => ({
  secretManagerTypes: resolveManagers(input),
  secretEnvVarPrefix:
    input.webhook?.secretEnvVarPrefix ?? profileDefaults[resolveProfile(input)].secretEnvVarPrefix,
  awsSecretManager: resolveSidecar(input, 'awsSecretManager'),
  gcpSecretManager: resolveSidecar(input, 'gcpSecretManager'),
  azureSecretManager: resolveSidecar(input, 'azureSecretManager'),
  vaultSecretManager: resolveVault(input.webhook?.vaultSecretManager ?? {}),
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

const resolveSidecar = (input: WebhookYaml, manager: keyof typeof sidecarImages): SidecarConfig => ({
  sidecarImage: input.webhook?.[manager]?.sidecarImage ?? sidecarImages[manager],
  resources: resolveResources(input.webhook?.[manager]?.resources, sidecarResources),
})

const resolveFunction = (input: WebhookYaml): FunctionConfig => ({
  profile: resolveProfile(input),
  onFailure: input.function?.onFailure ?? functionDefaults.onFailure,
  callers: resolveCallers(input.function?.callers ?? {}),
  registration: resolveRegistration(input),
})

const resolveCallers = ({
  clusters,
  anonymous,
}: NonNullable<NonNullable<WebhookYaml['function']>['callers']>): FunctionConfig['callers'] => ({
  tokenSha256: Object.fromEntries(
    Object.entries(clusters ?? {}).map(([cluster, slots]) => [
      cluster,
      (slots.tokenSha256 ?? []).flatMap((digest) => digest?.toLowerCase() ?? []),
    ]),
  ),
  ...(anonymous ? { anonymous } : {}),
})

const resolveRegistration = (input: WebhookYaml): FunctionConfig['registration'] => {
  const { reinvocation, timeoutSeconds, namespaceSelector } = input.function?.registration ?? {}
  const selector = namespaceSelector ?? input.webhook?.namespaceSelector
  return {
    reinvocation: reinvocation ?? functionDefaults.reinvocation,
    timeoutSeconds: timeoutSeconds ?? functionDefaults.timeoutSeconds,
    ...(selector ? { namespaceSelector: selector } : {}),
  }
}
