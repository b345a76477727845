import type { Fetched } from './secret-source.ts'

/** What a store has said of a secret and how long ago. */
export interface Known {
  readonly fetched: Exclude<Fetched, { kind: 'failed' }>
  /** Since the store was asked: the secret may have changed while it answered. */
  readonly ageMs: number
  /**
   * Fresh is served without asking again; aging is asked for again, but good enough when the store is slow; old is good enough
   * only when the store fails.
   */
  readonly state: 'fresh' | 'aging' | 'old'
}

export interface MemoryOptions {
  /** `function.globalSecrets.ttlMs`: how old a value may become while the store answers. */
  readonly ttlMs: number
  /** `function.globalSecrets.maxStaleMs`: for how long after that it is kept for a store that fails. */
  readonly maxStaleMs: number
  /** How long an absence is fresh. */
  readonly absenceMs: number
  readonly now: () => number
  /** From 0 up to 1, as `Math.random`. */
  readonly random: () => number
  /** How many values are kept, and how many absences. */
  readonly maxNames: number
}

interface Entry {
  readonly fetched: Known['fetched']
  readonly askedAt: number
  readonly freshMs: number
  readonly lifeMs: number
}

/** A time to live is shortened by up to this part, so that environments of one age do not refresh in step. */
const maxJitter = 0.2

/** The memory of a cache. A failure is never learned; ADR 10 says what becomes of absences and refusals. */
export class KnownSecrets {
  readonly #options: MemoryOptions
  readonly #values: RecentMap<Entry>
  /** Apart, because anybody can ask for names that do not exist: they must not drive out what does. */
  readonly #absences: RecentMap<Entry>

  constructor(options: MemoryOptions) {
    this.#options = options
    this.#values = new RecentMap(options.maxNames)
    this.#absences = new RecentMap(options.maxNames)
  }

  /** Takes note of what the store answered when it was asked at `askedAt`. */
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

  /** What is known of a secret and may still be served. */
  recall(name: string): Known | undefined {
    const entry = this.#values.get(name) ?? this.#absences.get(name)
    if (entry === undefined) return undefined
    const { ttlMs, maxStaleMs, now } = this.#options
    const { fetched, askedAt, freshMs, lifeMs } = entry
    const elapsedMs = now() - askedAt
    if (elapsedMs >= 0 && elapsedMs < freshMs) return { fetched, ageMs: elapsedMs, state: 'fresh' }
    // A clock that was set back says nothing about an age: the life is over.
    const ageMs = elapsedMs < 0 ? lifeMs : elapsedMs
    if (ageMs > ttlMs + maxStaleMs) return undefined
    return { fetched, ageMs, state: ageMs >= lifeMs ? 'old' : 'aging' }
  }
}

/** A map of limited size: what was longest not used makes room. */
export class RecentMap<Value> {
  readonly #maxNames: number
  /** A JavaScript map keeps the order in which names were set: the first is the one longest not used. */
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
