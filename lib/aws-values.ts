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

/** What the function itself reads from AWS Secrets Manager. A bundle leaves this file out if its configuration does not need it. */
export interface AwsValues extends StoreAccess {
  /** The global secrets that the configuration lists, if it does. */
  readonly globalSecrets: SecretStore | undefined
  /** Fetches those at the start of the function. The first call fetches what does not arrive in time. */
  readonly prefetch: (signal: AbortSignal) => Promise<void>
  /** What the caches served since this was last called. */
  readonly takeUse: () => { readonly staleServed: number; readonly oldestSecretAgeMs?: number }
}

/** Makes a source of AWS Secrets Manager. */
export type CreateSecretSource = (options: {
  readonly region?: string
  readonly endpoint?: string
}) => SecretSource

/** Loads the AWS SDK and creates the reader. */
export const loadAwsValues = async (config: BundledConfig): Promise<AwsValues> => {
  const sdk = await loadAwsSdk()
  return createAwsValues(config, (options) => createSecretsManager(sdk, { ...options, random: Math.random }))
}

/**
 * Creates the reader of Secrets Manager. Global secrets and each manager have separate caches: names that pods make up
 * cannot evict global secrets. All caches share one budget for the calls of one pod. `function.aws.region` overrides a manager's own
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
  /** The cache for the calls of pods. */
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
