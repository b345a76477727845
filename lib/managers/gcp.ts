import { defineManager, filesOrBoth, type Host } from '../manager-kit/definition.ts'
import { pullKeys } from '../manager-kit/pull-keys.ts'
import type { Reason } from '../manager-kit/reason.ts'
import { filePath, secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { notMine, type Resolution, type PureManager } from '../manager-kit/manager.ts'
import { variablesByCommand } from '../manager-kit/env-file.ts'
import {
  fetched,
  onePullContainerEach,
  type Puller,
  type PullOptions,
  whyNotFetched,
} from '../manager-kit/pull.ts'
import { scriptWord } from '../manager-kit/shell.ts'

/** Google Secret Manager through `gcloud` in an init container, one for each secret (specification §4.4). */
export const gcp = defineManager({
  name: 'GCP',
  summary: 'Google Secret Manager, pulled by an init container with gcloud',
  makes: filesOrBoth,
  reader: 'container',
  asks: ({ defaultVersion }) => ({
    group: { means: 'name of the secret', example: 'db-password' },
    ...(defaultVersion === undefined
      ? { groupVersion: { means: 'version of the secret', example: 'latest' } }
      : {}),
  }),
  section: 'gcpSecretManager',
  sectionHelp: 'The manager GCP: Secret Manager, pulled by a container.',
  keys: pullKeys('gcr.io/google.com/cloudsdktool/cloud-sdk:alpine'),
  own: {
    section: 'gcp',
    help: 'How secrets in Google Secret Manager are looked up.',
    keys: {
      defaultVersion: {
        kind: 'optionalText',
        help: 'The version for requests without one, such as latest. If missing, such requests are skipped.',
      },
    },
  },
  trial: () => ({ mount: 'FILE' }),
  create: (options, host) => createGcp(options, host),
})

const needsVersion = 'it needs a group and a group_version'
const slashInVersion = 'no secret has a version with a slash'
const nulInName = 'no secret has a group or group_version with a NUL'
const takenForOption = 'gcloud would read a group or group_version that begins with "-" as an option'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [needsVersion],
    why: '`GCP` looks a secret up by its group and its version, and the request leaves one of them empty.',
    todo: 'Set both: `Secret(group=…, group_version=…)` in flytekit. The version `latest` is the newest one.',
  },
  {
    says: [slashInVersion, nulInName, takenForOption],
    why: 'A secret in GCP cannot have this name or version.',
    todo: 'Correct the group and the group_version.',
  },
]

/** Commands of the init container, which no user sees. @public test/messages */
export const unshown: readonly string[] = [
  'gcloud secrets versions access <name> <option>',
  'gcloud secrets versions access <version> --secret=<group> <option>',
  '<command> || <command>; chmod +rX <folder> <file>',
]

export interface GcpOptions extends PullOptions {
  /** `function.gcp.defaultVersion`. With it, the key replaces an empty group. */
  readonly defaultVersion?: string
}

/** Makes the manager. */
export const createGcp = (
  { defaultVersion, sidecarImage, resources }: GcpOptions,
  { envVarPrefix }: Pick<Host, 'envVarPrefix'>,
): PureManager => {
  const puller: Puller = { prefix: 'gcp', image: sidecarImage, resources, mountPath: secretsDirectory }
  return {
    name: 'GCP',
    resolve(request, pod): Resolution {
      const secret = gcpSecret(request, defaultVersion)
      if (secret.name === '' || secret.version === '') return notMine(needsVersion)
      if (secret.version.includes('/')) return notMine(slashInVersion)
      if (secret.name.startsWith('-') || secret.version.startsWith('-')) return notMine(takenForOption)
      const why = whyNotFetched(request, pod)
      if (why !== undefined) return notMine(why)
      const identity = JSON.stringify([secret.name, secret.version])
      if (request.mountRequirement === 'ENV_VAR') {
        if (`${secret.name}${secret.version}`.includes('\0')) return notMine(nulInName)
        const content = JSON.stringify([puller.prefix, identity])
        const write = (file: string): string => accessCommand(secret, file)
        const written = { content, name: secret.name, write }
        return { kind: 'found', wants: variablesByCommand(request, envVarPrefix, written) }
      }
      const folder = secret.folder === '' ? undefined : filePath(secret.folder)
      if (folder?.kind === 'unusable') return notMine(folder.why)
      const path = filePath(secret.folder, secret.file)
      if (path.kind === 'unusable') return notMine(path.why)
      const made = [...(folder === undefined ? [] : [folder]), path].map(({ absolute }) =>
        scriptWord(absolute),
      )
      const command = `${accessCommand(secret, path.absolute)}; chmod +rX ${made.join(' ')}`
      const step = { command: ['sh', '-ec', command] } as const
      return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
    },
    pullContainers: (steps) => onePullContainerEach(puller, steps),
  }
}

/** The parameters for `gcloud`, and the file for its answer. */
interface GcpSecret {
  readonly name: string
  readonly version: string
  /** Empty if the file is in the secrets' directory itself. */
  readonly folder: string
  readonly file: string
}

/**
 * If a request names its version, its file is where Flyte puts it, or where flytekit looks for it without a group. If it names
 * no version, its file is where flytekit looks for it.
 */
const gcpSecret = (
  { group, groupVersion, key }: SecretRequest,
  defaultVersion: string | undefined,
): GcpSecret => {
  const name = group === '' && defaultVersion !== undefined ? key : group
  if (groupVersion === '') return { name, version: defaultVersion ?? '', folder: group, file: key }
  const [folder, file] = group === '' ? [groupVersion, key] : [group, groupVersion]
  return { name, version: groupVersion, folder, file }
}

/** Flyte's command: the name as a resource name, or else as a secret of the project. `gcloud` creates files with mode 0600. */
const accessCommand = ({ name, version }: GcpSecret, file: string): string => {
  const out = `--out-file=${scriptWord(file)}`
  const asResource = `gcloud secrets versions access ${scriptWord(`${name}/versions/${version}`)} ${out}`
  const ofProject = `gcloud secrets versions access ${scriptWord(version)} --secret=${scriptWord(name)} ${out}`
  return `${asResource} || ${ofProject}`
}
