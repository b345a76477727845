/** Whether a path may need cleaning: no leading slash, a trailing slash, an empty segment, `.` or `..`. Nearly no path does. */
const isSuspect = (path: string): boolean =>
  !path.startsWith('/') || path.endsWith('/') || path.includes('//') || path.includes('/.')

/** A path in the normal form of a container runtime: without empty segments, `.`, `..` and a trailing slash. */
export const cleanPath = (path: string): string => {
  if (!isSuspect(path)) return path
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}`
}
