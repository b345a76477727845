/** The characters of a cluster's name, as a pattern: few enough for URLs, and for dimensions of metrics (specification §5). */
export const clusterNamePattern = '[a-z0-9-]{1,63}'

/** Matches the name of a cluster in a URL, in the configuration and in the stack's parameter. */
export const clusterName = new RegExp(`^${clusterNamePattern}$`)

/** What `clusterName` matches, in words. */
export const clusterNameRule = '1 to 63 lower-case letters, digits and hyphens'
