/** What `--param` takes. */
export const assignment = (parameter: string): string => `callerTokenSha256=${parameter}`

/** The parameter in a text that is it, or that `--param` takes. */
export const parameterIn = (text: string): string => text.trim().replace(/^callerTokenSha256=/, '')
