import type { AwsValues } from './aws-values.ts'
import type { Config } from './config/config.ts'
import { WebhookError } from './errors.ts'
import type { ManagerName } from './manager-names.ts'
import { createAws } from './managers/aws.ts'
import { createAwsCli } from './managers/aws-cli.ts'
import { createAzure } from './managers/azure.ts'
import { createEmbeddedK8s } from './managers/embedded-k8s.ts'
import { createGcp } from './managers/gcp.ts'
import { createGlobal } from './managers/global.ts'
import { createK8s } from './managers/k8s.ts'
import type { SecretManager } from './manager-kit/manager.ts'
import { createVault } from './managers/vault.ts'
import { createEnvironmentStore } from './stores/environment.ts'
import { createFileStore, type FileSystem } from './stores/files.ts'

/** Where secrets come from that the function itself reads. */
export interface SecretSources {
  /** The function's own variables: some are global secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fileSystem: FileSystem
  /** What is read from AWS Secrets Manager; a configuration that `needsSecretsManager` cannot do without. */
  readonly awsValues?: AwsValues
}

export interface SecretManagers {
  /** In the order in which they are asked: global secrets always first (specification §3). */
  readonly managers: readonly SecretManager[]
  /** Fetches what the configuration lists, for the start of the function. */
  readonly prefetch: (signal: AbortSignal) => Promise<void>
  /** What was served from Secrets Manager's caches since this was last asked. */
  readonly takeUse: () => { readonly staleServed?: number; readonly oldestSecretAgeMs?: number }
}

/** Whether the function reads AWS Secrets Manager itself. */
export const needsSecretsManager = ({ webhook, function: { globalSecrets } }: Config): boolean =>
  globalSecrets.secretsManager.length > 0 ||
  (webhook.secretManagerTypes.includes('Embedded') && webhook.embeddedSecretManagerConfig.type === 'AWS')

/** Makes the managers of a configuration, each with its own part of it. */
export const createManagers = (config: Config, sources: SecretSources): SecretManagers => {
  const { webhook } = config
  const awsValues = needsSecretsManager(config) ? (sources.awsValues ?? notLoaded()) : undefined
  const envVarPrefix = webhook.secretEnvVarPrefix
  const create = {
    K8s: () =>
      createK8s({
        envVarPrefix,
        emptyGroup: config.function.profile === 'flyte1' ? 'refused' : 'md5-of-key',
      }),
    AWS: () => awsOf(config),
    GCP: () => createGcp(webhook.gcpSecretManager),
    Azure: () => createAzure(webhook.azureSecretManager),
    Vault: () => createVault(webhook.vaultSecretManager),
    Embedded: () => embeddedOf(config, awsValues),
  } as const satisfies Record<Exclude<ManagerName, 'Global'>, () => SecretManager>
  const others = webhook.secretManagerTypes.filter((type) => type !== 'Global')
  return {
    managers: [globalOf(config, sources, awsValues), ...others.map((type) => create[type]())],
    prefetch: async (signal) => awsValues?.prefetch(signal),
    takeUse: () => awsValues?.takeUse() ?? {},
  }
}

const notLoaded = (): never => {
  throw new WebhookError('internal', 'Secrets Manager is not loaded')
}

const globalOf = (
  { webhook, secrets, function: { globalSecrets } }: Config,
  sources: SecretSources,
  awsValues: AwsValues | undefined,
): SecretManager => {
  const { allow } = globalSecrets
  return createGlobal({
    envVarPrefix: webhook.secretEnvVarPrefix,
    stores: [
      createEnvironmentStore(secrets['env-prefix'], sources.environment),
      createFileStore(secrets['secrets-prefix'], sources.fileSystem),
      ...(awsValues?.globalSecrets === undefined ? [] : [awsValues.globalSecrets]),
    ],
    ...(allow === undefined ? {} : { allow }),
  })
}

const awsOf = ({ webhook, function: { aws } }: Config): SecretManager =>
  aws.fetcher === 'cli'
    ? createAwsCli({ cliImage: aws.cliImage, resources: webhook.awsSecretManager.resources })
    : createAws(webhook.awsSecretManager)

const embeddedOf = (
  { webhook, function: { embedded } }: Config,
  awsValues: AwsValues | undefined,
): SecretManager => {
  const { type, k8sConfig, fileMountInitContainer: fileMount } = webhook.embeddedSecretManagerConfig
  const envVarPrefix = webhook.secretEnvVarPrefix
  return type === 'K8s'
    ? createEmbeddedK8s({ envVarPrefix, namespace: k8sConfig.namespace, fileMount, ...embedded })
    : (awsValues ?? notLoaded()).createEmbedded()
}
