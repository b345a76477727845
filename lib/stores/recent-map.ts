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
