import { shellWord } from '../../lib/manager-kit/shell.ts'

/** What is served, with names that work in a terminal in the project's folder. */
export interface Service {
  /** `https://<host>:<port>` */
  readonly base: string
  readonly configFile: string
  readonly caFile: string
  /** Holds the token of the cluster `local`. */
  readonly tokenFile: string
  readonly token: string
}

/** The path of the cluster `local`. */
export const localPath = (token: string, resource: 'mutate--v1-pod' | 'healthz'): string =>
  `/local/${token}/${resource}`

/** Returns the text to print once the server answers: its URL, and commands to paste that try and register it. */
export const invitation = ({ base, configFile, caFile, tokenFile, token }: Service): string => {
  const url = base + localPath(token, 'mutate--v1-pod')
  const [ca, tokenName] = [shellWord(caFile), shellWord(tokenFile)]
  const config = configFile === 'webhook.yaml' ? '' : ` --config ${shellWord(configFile)}`
  return [
    `Serving ${configFile} at this URL, which holds a token: keep it secret.`,
    '',
    `  ${url}`,
    '',
    'Try it in a second terminal:',
    '',
    `  curl --cacert ${ca} -H 'Content-Type: application/json' --data-binary @examples/plain.json '${url}?timeout=10s'`,
    '',
    "Register it in the cluster of kubectl's current context, if its API server can reach this machine:",
    '',
    `  npx flyte-webhook register --url ${base} --cluster local --token-file ${tokenName} --ca-bundle ${ca}${config}`,
    '',
    'Ctrl-C ends it. docs/local-cluster.md shows how to use it with kind and minikube.',
  ].join('\n')
}
