/**
 * For each path below some of the directories, the nearest of these. All paths are clean. In alphabetical order a
 * directory comes right before everything below it, so one pass is enough for any number of them.
 */
export const nearestAbove = (
  paths: readonly string[],
  directories: readonly string[],
): ReadonlyMap<string, string> => {
  const nearest = new Map<string, string>()
  const isDirectory = new Set(directories)
  const open: string[] = []
  for (const entry of [...new Set([...paths, ...directories])].map((path) => `${path}/`).toSorted()) {
    while (open.length > 0 && !entry.startsWith(open.at(-1) ?? '')) open.pop()
    const path = entry.slice(0, -1)
    const directory = open.at(-1)
    if (directory !== undefined) nearest.set(path, directory.slice(0, -1))
    if (isDirectory.has(path)) open.push(entry)
  }
  return nearest
}

/** Paths in alphabetical order, to search for those below a directory: they are adjacent in this order. */
export class SortedPaths {
  readonly #paths: Iterable<string>
  /** Sorted at the first search: most pods need none. */
  #sorted: readonly string[] | undefined

  /** Takes clean paths. */
  constructor(paths: Iterable<string>) {
    this.#paths = paths
  }

  get #entries(): readonly string[] {
    this.#sorted ??= Array.from(this.#paths, (path) => `${path}/`).toSorted()
    return this.#sorted
  }

  /** The paths that equal this one or lie below it. A binary search finds the first. */
  *at(path: string): Generator<string> {
    const directory = path === '/' ? path : `${path}/`
    const entries = this.#entries
    for (let index = firstFrom(entries, directory); ; index++) {
      const entry = entries[index]
      if (entry === undefined || !entry.startsWith(directory)) return
      yield entry.slice(0, -1)
    }
  }

  /** Whether any of the paths equals this one or lies below it. */
  has(path: string): boolean {
    return this.at(path).next().done !== true
  }
}

/** The index of the first text that does not come before this one, in sorted texts. */
const firstFrom = (entries: readonly string[], text: string): number => {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
