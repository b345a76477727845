/** What nearly no path has: no slash at its front or one at its end, an empty segment, `.` or `..`. */
const unclean = /^(?!\/)|\/\/|\/\.\.?(\/|$)|.\/$/s

/** A path as a container runtime takes it: without empty segments, `.`, `..` and a slash at its end. */
export const cleanPath = (path: string): string => {
  if (!unclean.test(path)) return path
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
