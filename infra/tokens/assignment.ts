/** Returns the argument of `--param`. */
export const assignment = (parameter: string): string => `callerTokenSha256=${parameter}`

/** Returns the parameter from a text that holds it alone or as an argument of `--param`. */
export const parameterIn = (text: string): string => text.trim().replace(/^callerTokenSha256=/, '')
