/** Whether a path may have what nearly none has: no slash at its front or one at its end, an empty segment, `.` or `..`. */
const isSuspect = (path: string): boolean =>
  !path.startsWith('/') || path.endsWith('/') || path.includes('//') || path.includes('/.')

/** A path as a container runtime takes it: without empty segments, `.`, `..` and a slash at its end. */
export const cleanPath = (path: string): string => {
  if (!isSuspect(path)) return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}`
}

/**
 * For each path that lies below some of the directories, the nearest of these. All are clean. In the order of the alphabet a
 * directory stands right before all that lies below it, so that one way through is enough, however many there are.
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

/** Paths to search for what lies below a directory: in the order of the alphabet all of that stands together. */
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

  /** The paths that are this one or lie below it. Finding the first takes a binary search. */
  *at(path: string): Generator<string> {
    const directory = `${path}/`
    const entries = this.#entries
    for (let index = firstFrom(entries, directory); ; index++) {
      const entry = entries[index]
      if (entry === undefined || !entry.startsWith(directory)) return
      yield entry.slice(0, -1)
    }
  }

  /** Whether one of the paths is this one or lies below it. */
  has(path: string): boolean {
    return this.at(path).next().done !== true
  }
}

/** The index of the first of some sorted texts that is not before this one. */
const firstFrom = (entries: readonly string[], text: string): number => {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return low
}
