/** What is served, as a person at a terminal in the project's folder would name it. */
export interface Service {
  readonly port: number
  readonly configFile: string
  readonly caFile: string
  /** The token of the cluster `local`. */
  readonly token: string
}

/** The path of the cluster `local`. */
export const localPath = (token: string, resource: 'mutate--v1-pod' | 'healthz'): string =>
  `/local/${token}/${resource}`

/** The text printed once the server answers: the URL to register, and a request to try that works when pasted. */
export const invitation = ({ port, configFile, caFile, token }: Service): string => {
  const url = `https://localhost:${port}${localPath(token, 'mutate--v1-pod')}`
  return [
    `Serving ${configFile}. Register this URL, whose token is a secret; its authority is ${caFile}:`,
    '',
    `  ${url}`,
    '',
    'Try it:',
    '',
    `  curl --cacert ${caFile} -H 'Content-Type: application/json' --data-binary @examples/plain.json '${url}?timeout=10s'`,
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}
