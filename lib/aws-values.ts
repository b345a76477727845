import type { Config } from './config/config.ts'
import { createEmbeddedAws } from './managers/embedded-aws.ts'
import type { SecretManager } from './managers/manager.ts'
import { createSecretCache } from './stores/cache.ts'
import { oneAnswerPerCall } from './stores/call-answers.ts'
import { systemClock } from './stores/clock.ts'
import { createGlobalSecretStore, type GlobalSecretStore } from './stores/global-secrets.ts'
import { loadAwsSdk } from './stores/load-aws-sdk.ts'
import type { SecretSource } from './stores/secret-source.ts'
import { createSecretsManager } from './stores/secrets-manager.ts'
import { type WatchedCache, watchCache } from './stores/watched-cache.ts'

/** What the function reads from AWS Secrets Manager itself. A bundle whose configuration needs none of it is without this file. */
export interface AwsValues {
  /** The global secrets that the configuration lists, if it does. */
  readonly globalSecrets: GlobalSecretStore | undefined
  /** The manager Embedded of the type AWS. */
  readonly createEmbedded: () => SecretManager
  /** What was served from the caches since this was last asked. */
  readonly takeUse: () => { readonly staleServed: number; readonly oldestSecretAgeMs?: number }
}

/** Makes a source of AWS Secrets Manager. */
export type CreateSecretSource = (options: {
  readonly region?: string
  readonly endpoint?: string
}) => SecretSource

/** Loads the AWS SDK, and makes what reads from it. */
export const loadAwsValues = async (config: Config): Promise<AwsValues> => {
  const sdk = await loadAwsSdk()
  return createAwsValues(config, (options) => createSecretsManager(sdk, { ...options, random: Math.random }))
}

/**
 * Makes what reads from Secrets Manager. Global secrets and Embedded each have a cache of their own: names that pods make up
 * cannot drive out global secrets. `function.aws.region` wins over Embedded's own region.
 */
export const createAwsValues = (config: Config, createSecretSource: CreateSecretSource): AwsValues => {
  const { globalSecrets, aws, embedded } = config.function
  const caches: WatchedCache[] = []
  const createCache = (embeddedRegion?: string): WatchedCache => {
    const region = aws.region ?? embeddedRegion
    const source = createSecretSource({
      ...(region === undefined ? {} : { region }),
      ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    })
    const { ttlMs, maxStaleMs } = globalSecrets
    const answers = createSecretCache(source, { ttlMs, maxStaleMs, clock: systemClock, random: Math.random })
    const cache = watchCache(oneAnswerPerCall(answers))
    caches.push(cache)
    return cache
  }
  return {
    globalSecrets:
      globalSecrets.secretsManager.length === 0
        ? undefined
        : createGlobalSecretStore(globalSecrets.secretsManager, createCache()),
    createEmbedded: () => {
      const { awsConfig, fileMountInitContainer } = config.webhook.embeddedSecretManagerConfig
      return createEmbeddedAws({
        envVarPrefix: config.webhook.secretEnvVarPrefix,
        cache: createCache(awsConfig.region),
        fileMount: fileMountInitContainer,
        ...embedded,
      })
    },
    takeUse: () => useOf(caches),
  }
}

const useOf = (caches: readonly WatchedCache[]) => {
  const uses = caches.map(({ takeUse }) => takeUse())
  const ages = uses.flatMap(({ oldestAgeMs }) => oldestAgeMs ?? [])
  return {
    staleServed: uses.reduce((sum, { staleServed }) => sum + staleServed, 0),
    ...(ages.length === 0 ? {} : { oldestSecretAgeMs: Math.max(...ages) }),
  }
}
