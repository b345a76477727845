import {
  defineManager,
  fetched,
  fetchedPath,
  filesOrBoth,
  needsGroupAndKey,
  notMine,
  onePullContainerEach,
  type Puller,
  pullKeys,
  scriptWord,
  secretsDirectory,
  type Variable,
  variablesByCommand,
  whyNotFetched,
  withoutExpansion,
} from 'flyte-webhook/manager'

const noName = 'the name of a Doppler secret has only A-Z, 0-9 and _, and does not begin with a digit'

/**
 * Secrets of Doppler, which its CLI fetches in an init container. The group is a project, the key the name of a secret, and the
 * group_version a config of the project. Sources:
 *
 * - docs.doppler.com/docs/secrets, "Secret Names", and "Multi-line Secrets": `doppler secrets get SSH_KEY --plain > ./id_rsa`
 * - docs.doppler.com/docs/service-tokens, "Using Service Tokens with the CLI": the variable `DOPPLER_TOKEN`
 * - github.com/DopplerHQ/cli, README.md, "Docker": the image; pkg/cmd/secrets.go: `--project`, `--config`, and that the CLI
 *   fails if a secret is missing
 */
export default defineManager({
  name: 'Doppler',
  summary: "Doppler, with its CLI in an init container and a token from the pod's namespace",
  makes: filesOrBoth,
  reader: 'container',
  keys: {
    // Pin a version: latest changes without notice.
    ...pullKeys('docker.io/dopplerhq/cli:latest'),
    token: {
      kind: 'secretRef',
      help: "The Secret in the pod's namespace that contains a token of Doppler.",
      default: { name: 'doppler-token', key: 'token' },
    },
    config: {
      kind: 'text',
      help: 'The config of requests without a group_version.',
      default: 'prd',
    },
  },
  trial: () => ({ mount: 'FILE' }),
  create: ({ sidecarImage, resources, token, config: usual }, { envVarPrefix }) => {
    const puller: Puller = { prefix: 'doppler', image: sidecarImage, resources, mountPath: secretsDirectory }
    const env = [{ name: 'DOPPLER_TOKEN', valueFrom: { secretKeyRef: token } }] as const satisfies Variable[]
    return {
      name: 'Doppler',
      resolve(request, pod) {
        const { group: project, groupVersion, key } = request
        if (project === '' || key === '') return notMine(needsGroupAndKey)
        // flytekit accepts keys in any case. Doppler's are in upper case.
        const name = key.toUpperCase()
        if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) return notMine(noName)
        const config = groupVersion === '' ? usual : groupVersion
        if (`${project}${config}`.includes('\0'))
          return notMine('the name of a project or config cannot contain NUL')
        const why = whyNotFetched(request, pod)
        if (why !== undefined) return notMine(why)
        const identity = JSON.stringify([project, config, name])
        const get = getCommand([name, '--plain', `--project=${project}`, `--config=${config}`])
        if (request.mountRequirement === 'ENV_VAR') {
          const content = JSON.stringify(['doppler', identity])
          const written = { content, name, write: get, env }
          return { kind: 'found', wants: variablesByCommand(request, envVarPrefix, written) }
        }
        const path = fetchedPath(request, pod, project, key)
        if (path.kind === 'unusable') return notMine(path.why)
        const folder = path.absolute.slice(0, path.absolute.lastIndexOf('/'))
        const script = `mkdir -p ${scriptWord(folder)}; ${get(path.absolute)}`
        const step = { command: ['sh', '-ec', script], env } as const
        return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
      },
      pullContainers: (steps) => onePullContainerEach(puller, steps),
    }
  },
})

/** The CLI prints a line break after the value. The shell removes it, and fails if the CLI fails. */
const getCommand =
  (words: readonly string[]) =>
  (file: string): string =>
    `${withoutExpansion('value=$(')}doppler secrets get ${words.map(scriptWord).join(' ')}); ` +
    `printf %s ${withoutExpansion('"$value"')} > ${scriptWord(file)}`
