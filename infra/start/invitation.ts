/** What is served, as a person at a terminal in the project's folder would name it. */
export interface Service {
  readonly port: number
  readonly configFile: string
  readonly caFile: string
}

/** A path that the function answers: any cluster and any token where `function.callers.anonymous` is `local`. */
export const localPath = '/local/dev/mutate--v1-pod'

/** The text printed once the server answers: the URL to register, and a request to try that works when pasted. */
export const invitation = ({ port, configFile, caFile }: Service): string => {
  const url = `https://localhost:${port}${localPath}`
  return [
    `Serving ${configFile}. Register this URL (any token in place of "dev"); its authority is ${caFile}:`,
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
