import type { Config, SecretManagerType } from './config/config.ts'
import { WebhookError } from './errors.ts'
import { createAws } from './managers/aws.ts'
import { createAwsCli } from './managers/aws-cli.ts'
import { createAzure } from './managers/azure.ts'
import { createEmbeddedAws } from './managers/embedded-aws.ts'
import { createEmbeddedK8s } from './managers/embedded-k8s.ts'
import { createGcp } from './managers/gcp.ts'
import { createGlobal } from './managers/global.ts'
import { createK8s } from './managers/k8s.ts'
import type { SecretManager } from './managers/manager.ts'
import { createVault } from './managers/vault.ts'
import { createSecretCache } from './stores/cache.ts'
import { systemClock } from './stores/clock.ts'
import { createEnvironmentStore } from './stores/environment.ts'
import { createFileStore, type FileSystem } from './stores/files.ts'
import { createGlobalSecretStore } from './stores/global-secrets.ts'
import { loadAwsSdk } from './stores/load-aws-sdk.ts'
import type { SecretSource } from './stores/secret-source.ts'
import { createSecretsManager } from './stores/secrets-manager.ts'
import { type WatchedCache, watchCache } from './stores/watched-cache.ts'

/** Makes a source of AWS Secrets Manager; only a configuration that `needsSecretsManager` asks for one. */
export type CreateSecretSource = (options: {
  readonly region?: string
  readonly endpoint?: string
}) => SecretSource

/** Where secrets come from that the function itself reads. */
export interface SecretSources {
  /** The function's own variables: some are global secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fileSystem: FileSystem
  readonly createSecretSource: CreateSecretSource
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

/** The source of Secrets Manager, loaded if the configuration needs it; one that does not never asks for it. */
export const loadSecretSource = async (config: Config): Promise<CreateSecretSource> => {
  if (!needsSecretsManager(config)) return noSecretSource
  const sdk = await loadAwsSdk()
  return (options) => createSecretsManager(sdk, { ...options, random: Math.random })
}

const noSecretSource: CreateSecretSource = () => {
  throw new WebhookError('internal', 'Secrets Manager is not loaded')
}

/** Makes the managers of a configuration, each with its own part of it. */
export const createManagers = (config: Config, sources: SecretSources): SecretManagers => {
  const { webhook } = config
  const caches: WatchedCache[] = []
  const createCache = (region: string | undefined): WatchedCache => {
    const { ttlMs, maxStaleMs } = config.function.globalSecrets
    const { region: own = region, endpoint } = config.function.aws
    const source = sources.createSecretSource({
      ...(own === undefined ? {} : { region: own }),
      ...(endpoint === undefined ? {} : { endpoint }),
    })
    const cache = watchCache(
      createSecretCache(source, { ttlMs, maxStaleMs, clock: systemClock, random: Math.random }),
    )
    caches.push(cache)
    return cache
  }
  const { manager: global, prefetch } = globalOf(config, sources, createCache)
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
    Embedded: () => embeddedOf(config, createCache),
  } as const satisfies Record<Exclude<SecretManagerType, 'Global'>, () => SecretManager>
  const others = webhook.secretManagerTypes.filter((type) => type !== 'Global')
  return {
    managers: [global, ...others.map((type) => create[type]())],
    prefetch,
    takeUse: () => useOf(caches),
  }
}

type CreateCache = (region: string | undefined) => WatchedCache

const globalOf = (
  { webhook, secrets, function: { globalSecrets } }: Config,
  sources: SecretSources,
  createCache: CreateCache,
) => {
  const { allow, secretsManager } = globalSecrets
  const listed =
    secretsManager.length === 0 ? undefined : createGlobalSecretStore(secretsManager, createCache(undefined))
  const groupsWithUnderscore = allow === undefined
  const stores = [
    createEnvironmentStore(secrets['env-prefix'], sources.environment, { groupsWithUnderscore }),
    createFileStore(secrets['secrets-prefix'], sources.fileSystem),
    ...(listed === undefined ? [] : [listed]),
  ]
  const manager = createGlobal({
    envVarPrefix: webhook.secretEnvVarPrefix,
    stores,
    ...(allow === undefined ? {} : { allow }),
  })
  return { manager, prefetch: async (signal: AbortSignal) => listed?.prefetch(signal) }
}

const awsOf = ({ webhook, function: { aws } }: Config): SecretManager =>
  aws.fetcher === 'cli'
    ? createAwsCli({ cliImage: aws.cliImage, resources: webhook.awsSecretManager.resources })
    : createAws(webhook.awsSecretManager)

const embeddedOf = ({ webhook, function: { embedded } }: Config, createCache: CreateCache): SecretManager => {
  const {
    type,
    awsConfig,
    k8sConfig,
    fileMountInitContainer: fileMount,
  } = webhook.embeddedSecretManagerConfig
  const envVarPrefix = webhook.secretEnvVarPrefix
  return type === 'K8s'
    ? createEmbeddedK8s({ envVarPrefix, namespace: k8sConfig.namespace, fileMount })
    : createEmbeddedAws({ envVarPrefix, cache: createCache(awsConfig.region), fileMount, ...embedded })
}

const useOf = (caches: readonly WatchedCache[]) => {
  const uses = caches.map(({ takeUse }) => takeUse())
  const ages = uses.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? [])
  return {
    ...(uses.length === 0
      ? {}
      : { staleServed: uses.reduce((sum, { staleServed }) => sum + staleServed, 0) }),
    ...(ages.length === 0 ? {} : { oldestSecretAgeMs: Math.max(...ages) }),
  }
}
