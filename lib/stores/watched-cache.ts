import type { SecretCache } from './cache.ts'

/** What was served from a cache since it was last asked. */
export interface CacheUse {
  /** How many values were past their time to live, because their store fails. */
  readonly staleServed: number
  /** The age of the oldest value that was served; undefined where none was. */
  readonly oldestAgeMs: number | undefined
}

export interface WatchedCache extends SecretCache {
  /** Tells the use since the last time it was told. */
  readonly takeUse: () => CacheUse
}

/** Counts what a cache serves. A Lambda instance answers one call at a time, so what is counted between is one call's. */
export const watchCache = (cache: SecretCache): WatchedCache => {
  let staleServed = 0
  let oldestAgeMs: number | undefined
  return {
    async get(name, signal) {
      const answer = await cache.get(name, signal)
      if (answer.kind === 'value') {
        if (answer.stale) staleServed++
        oldestAgeMs = Math.max(oldestAgeMs ?? 0, answer.ageMs)
      }
      return answer
    },
    takeUse() {
      const use = { staleServed, oldestAgeMs }
      staleServed = 0
      oldestAgeMs = undefined
      return use
    },
  }
}
