import type { Fetched } from './secret-source.ts'

/** A store's answer about a secret, and its age. */
export interface Known {
  readonly fetched: Exclude<Fetched, { kind: 'failed' }>
  /** Counted from the request to the store: the secret may have changed while it answered. */
  readonly ageMs: number
  /**
   * Fresh: served without asking again. Aging: asked for again, but served if the store is slow. Old: served
   * only if the store fails.
   */
  readonly state: 'fresh' | 'aging' | 'old'
}

export interface MemoryOptions {
  /** `function.globalSecrets.ttlMs`: the maximum age of a value while the store answers. */
  readonly ttlMs: number
  /** `function.globalSecrets.maxStaleMs`: how much longer it is kept for a failing store. */
  readonly maxStaleMs: number
  /** How long a missing secret stays fresh. */
  readonly absenceMs: number
  readonly now: () => number
  /** From 0 up to 1, like `Math.random`. */
  readonly random: () => number
  /** The maximum number of values, and of missing secrets. */
  readonly maxNames: number
}

interface Entry {
  readonly fetched: Known['fetched']
  readonly askedAt: number
  readonly freshMs: number
  readonly lifeMs: number
}

/** The largest share by which a time to live is shortened, to keep environments of one age from refreshing in step. */
const maxJitter = 0.2

/** The memory of a cache. It never stores a failure. ADR 10 describes absences and refusals. */
export class KnownSecrets {
  readonly #options: MemoryOptions
  readonly #values: RecentMap<Entry>
  /** Separate, because anybody can ask for names that do not exist: these must not evict existing ones. */
  readonly #absences: RecentMap<Entry>

  constructor(options: MemoryOptions) {
    this.#options = options
    this.#values = new RecentMap(options.maxNames)
    this.#absences = new RecentMap(options.maxNames)
  }

  /** Records the store's answer to a request at `askedAt`. */
  learn(name: string, fetched: Fetched, askedAt: number): void {
    if (fetched.kind === 'failed' && fetched.error.code === 'store-unavailable') return
    this.#values.delete(name)
    this.#absences.delete(name)
    if (fetched.kind === 'failed') return
    const { ttlMs, absenceMs, random } = this.#options
    const lifeMs = ttlMs * (1 - maxJitter * random())
    if (fetched.kind === 'value') this.#values.set(name, { fetched, askedAt, freshMs: lifeMs / 2, lifeMs })
    else this.#absences.set(name, { fetched, askedAt, freshMs: absenceMs, lifeMs })
  }

  /** What is known about a secret and may still be served. */
  recall(name: string): Known | undefined {
    const entry = this.#values.get(name) ?? this.#absences.get(name)
    if (entry === undefined) return undefined
    const { ttlMs, maxStaleMs, now } = this.#options
    const { fetched, askedAt, freshMs, lifeMs } = entry
    const elapsedMs = now() - askedAt
    if (elapsedMs >= 0 && elapsedMs < freshMs) return { fetched, ageMs: elapsedMs, state: 'fresh' }
    // A clock that was set back says nothing about an age: the entry has expired.
    const ageMs = elapsedMs < 0 ? lifeMs : elapsedMs
    if (ageMs > ttlMs + maxStaleMs) return undefined
    return { fetched, ageMs, state: ageMs >= lifeMs ? 'old' : 'aging' }
  }
}

/** A map of limited size: the least recently used entry makes room. */
export class RecentMap<Value> {
  readonly #maxNames: number
  /** A JavaScript map keeps the order of insertion: the first entry is the least recently used. */
  readonly #entries = new Map<string, Value>()

  constructor(maxNames: number) {
    this.#maxNames = maxNames
  }

  get(name: string): Value | undefined {
    const value = this.#entries.get(name)
    if (value !== undefined) this.set(name, value)
    return value
  }

  set(name: string, value: Value): void {
    this.#entries.delete(name)
    this.#entries.set(name, value)
    const [longestUnused] = this.#entries.keys()
    if (this.#entries.size > this.#maxNames && longestUnused !== undefined)
      this.#entries.delete(longestUnused)
  }

  delete(name: string): void {
    this.#entries.delete(name)
  }
}
