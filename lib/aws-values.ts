import type { BundledConfig } from './config/config.ts'
import type { StoreAccess } from './managers/store-definition.ts'
import { createSecretCache, type SecretCache } from './stores/cache.ts'
import { oneAnswerPerCall, oneBudgetPerCall, type WatchedCache, watchCache } from './stores/call-cache.ts'
import { systemClock } from './stores/clock.ts'
import { createGlobalSecretStore, prefetchGlobalSecrets } from './stores/global-secrets.ts'
import { loadAwsSdk } from './stores/load-aws-sdk.ts'
import type { SecretSource } from './stores/secret-source.ts'
import type { SecretStore } from './stores/secret-store.ts'
import { createSecretsManager } from './stores/secrets-manager.ts'

/** What the function reads from AWS Secrets Manager itself. A bundle whose configuration needs none of it is without this file. */
export interface AwsValues extends StoreAccess {
  /** The global secrets that the configuration lists, if it does. */
  readonly globalSecrets: SecretStore | undefined
  /** Fetches those, for the start of the function; what cannot be had in time is left to the first call. */
  readonly prefetch: (signal: AbortSignal) => Promise<void>
  /** What was served from the caches since this was last asked. */
  readonly takeUse: () => { readonly staleServed: number; readonly oldestSecretAgeMs?: number }
}

/** Makes a source of AWS Secrets Manager. */
export type CreateSecretSource = (options: {
  readonly region?: string
  readonly endpoint?: string
}) => SecretSource

/** Loads the AWS SDK, and makes what reads from it. */
export const loadAwsValues = async (config: BundledConfig): Promise<AwsValues> => {
  const sdk = await loadAwsSdk()
  return createAwsValues(config, (options) => createSecretsManager(sdk, { ...options, random: Math.random }))
}

/**
 * Makes what reads from Secrets Manager. Global secrets and each manager have a cache of their own: names that pods make up
 * cannot drive out global secrets. For the calls of one pod all have one budget. `function.aws.region` wins over a manager's own
 * region.
 */
export const createAwsValues = (config: BundledConfig, createSecretSource: CreateSecretSource): AwsValues => {
  const { globalSecrets, aws } = config.function
  const { ttlMs, maxStaleMs } = globalSecrets
  const watched: WatchedCache[] = []
  const budgetOf = oneBudgetPerCall()

  const createCache = ({ region, ...options }: { readonly region?: string; readonly absenceMs?: number }) => {
    const ownRegion = aws.region ?? region
    const source = createSecretSource({
      ...(ownRegion === undefined ? {} : { region: ownRegion }),
      ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    })
    return createSecretCache(source, {
      ttlMs,
      maxStaleMs,
      clock: systemClock,
      random: Math.random,
      ...options,
    })
  }
  /** The cache as the calls of pods ask it. */
  const forPods = (cache: SecretCache): SecretCache => {
    const perCall = watchCache(oneAnswerPerCall(cache, budgetOf))
    watched.push(perCall)
    return perCall
  }

  const entries = globalSecrets.secretsManager
  const globalCache = entries.length === 0 ? undefined : createCache({})
  return {
    globalSecrets:
      globalCache === undefined ? undefined : createGlobalSecretStore(entries, forPods(globalCache)),
    prefetch: async (signal) =>
      globalCache === undefined ? undefined : prefetchGlobalSecrets(entries, globalCache, signal),
    open: (options) => forPods(createCache(options)),
    takeUse: () => useOf(watched),
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
