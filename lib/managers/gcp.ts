import { defineManager } from '../manager-kit/definition.ts'
import { pullKeys } from '../manager-kit/pull-keys.ts'
import type { Reason } from '../manager-kit/reason.ts'
import { secretsDirectory } from '../request/names.ts'
import { notMine, type Resolution, type PureManager } from '../manager-kit/manager.ts'
import {
  fetched,
  fetchedPath,
  onePullContainerEach,
  type Puller,
  type PullOptions,
} from '../manager-kit/pull.ts'
import { shellWord, withoutExpansion } from '../manager-kit/shell.ts'

/** Google Secret Manager by `gcloud` in an init container, one for each secret (specification §4.4). */
export const gcp = defineManager({
  name: 'GCP',
  summary: 'Google Secret Manager, pulled by an init container with gcloud',
  makes: 'files',
  reader: 'container',
  section: 'gcpSecretManager',
  sectionHelp: 'The manager GCP: Secret Manager, pulled by a container.',
  keys: pullKeys('gcr.io/google.com/cloudsdktool/cloud-sdk:alpine'),
  trial: () => ({ mount: 'FILE' }),
  create: (options) => createGcp(options),
})

const needsVersion = 'it needs a group and a group_version'
const slashInVersion = 'no secret has a version with a slash'
const takenForOption = 'gcloud would take a group or group_version that begins with "-" for an option'

/** @public docs/troubleshooting.md is made of them. */
export const reasons: readonly Reason[] = [
  {
    says: [needsVersion],
    why: '`GCP` looks a secret up by its group and its version; the request leaves one of them empty.',
    todo: 'Name both: `Secret(group=…, group_version=…)` in flytekit, with `latest` for the newest version.',
  },
  {
    says: [slashInVersion, takenForOption],
    why: 'No secret of GCP can be called so.',
    todo: 'Correct group and group_version.',
  },
]

/** Commands of the init container, which nobody is shown. @public test/messages */
export const unshown: readonly string[] = [
  'gcloud secrets versions access <name> <option>',
  'gcloud secrets versions access <version> --secret=<group> <option>',
  '<command> || <command>; chmod +rX <folder> <file>',
]

/** Makes the manager. */
export const createGcp = ({ sidecarImage, resources }: PullOptions): PureManager => {
  const puller: Puller = { prefix: 'gcp', image: sidecarImage, resources, mountPath: secretsDirectory }
  return {
    name: 'GCP',
    resolve(request, pod): Resolution {
      const { group, groupVersion } = request
      if (group === '' || groupVersion === '') return notMine(needsVersion)
      if (groupVersion.includes('/')) return notMine(slashInVersion)
      if (group.startsWith('-') || groupVersion.startsWith('-')) return notMine(takenForOption)
      const directory = fetchedPath(request, pod, group)
      if (directory.kind === 'unusable') return notMine(directory.why)
      const path = fetchedPath(request, pod, group, groupVersion)
      if (path.kind === 'unusable') return notMine(path.why)
      const command = accessCommand({
        group,
        groupVersion,
        directory: directory.absolute,
        file: path.absolute,
      })
      const step = { command: ['sh', '-ec', command] } as const
      const identity = JSON.stringify([group, groupVersion])
      return { kind: 'found', wants: fetched(request, path, { puller, identity, step }) }
    },
    pullContainers: (steps) => onePullContainerEach(puller, steps),
  }
}

interface Access {
  readonly group: string
  readonly groupVersion: string
  readonly directory: string
  readonly file: string
}

/** Flyte's command: the group as a resource name, else as a secret of the project; `gcloud` makes files of mode 0600. */
const accessCommand = ({ group, groupVersion, directory, file }: Access): string => {
  const word = (text: string): string => withoutExpansion(shellWord(text))
  const out = `--out-file=${word(file)}`
  const asResource = `gcloud secrets versions access ${word(`${group}/versions/${groupVersion}`)} ${out}`
  const ofProject = `gcloud secrets versions access ${word(groupVersion)} --secret=${word(group)} ${out}`
  return `${asResource} || ${ofProject}; chmod +rX ${word(directory)} ${word(file)}`
}
