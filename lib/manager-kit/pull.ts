import type { NonEmpty } from '../errors.ts'
import { envMount, isEnvFileStep } from './env-file.ts'
import { makesFilesOnly } from './reason.ts'
import type { FetchStep, PullContainer, PullMount, Want } from './wants.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { type FilePath, type PossiblePath, secretsDirectory } from '../request/names.ts'
import { fileOnly, fileVariables, type PodFacts, whyNoLinuxContainer } from './manager.ts'
import { withoutExpansion } from '../kubelet-expansion.ts'

/** Image and resources of a manager's init containers: `webhook.<manager>SecretManager`. */
export interface PullOptions {
  readonly sidecarImage: string
  readonly resources: unknown
}

/** What all pull containers of one manager share. */
export interface Puller {
  /** `aws`: the first word in the names of the volume and the containers. */
  readonly prefix: string
  readonly image: string
  readonly resources: unknown
  /** The path in the init container of the volume that all other containers see at `/etc/flyte/secrets`. */
  readonly mountPath: string
}

/** Why an init container of the pod cannot bring what the request wants, or undefined: a variable has to come from a file. */
export const whyNotFetched = ({ mountRequirement }: SecretRequest, pod: PodFacts): string | undefined =>
  whyNoLinuxContainer(pod) ?? (mountRequirement === 'ENV_VAR' && !pod.envFiles ? makesFilesOnly : undefined)

/** The path of a file that an init container fetches, or why the pod cannot have it this way. */
export const fetchedPath = (
  request: SecretRequest,
  pod: PodFacts,
  ...parts: readonly string[]
): PossiblePath => {
  const why = whyNoLinuxContainer(pod)
  return why === undefined ? fileOnly(request, ...parts) : { kind: 'unusable', why }
}

/** The wants of a secret that an init container fetches: the fetch, its file, and the variables of files. */
export const fetched = (
  request: SecretRequest,
  path: FilePath,
  fetch: { readonly puller: Puller; readonly identity: string; readonly step: FetchStep },
): NonEmpty<Want> => {
  const identity = JSON.stringify([fetch.puller.prefix, fetch.identity])
  return [
    {
      kind: 'fetch',
      identity: JSON.stringify([identity, path.absolute]),
      name: volumeName(fetch.puller),
      mountPath: secretsDirectory,
      step: fetch.step,
    },
    { kind: 'file', path: path.absolute, root: secretsDirectory, identity },
    ...fileVariables(request, path.absolute),
  ]
}

/** One init container for each step, numbered from 0 in the order of the requests, with Flyte's names. */
export const onePullContainerEach = (puller: Puller, steps: NonEmpty<FetchStep>): NonEmpty<PullContainer> => {
  const container = (step: FetchStep, index: number): PullContainer => {
    const { command, env, volumes } = step
    return {
      name: `${puller.prefix}-pull-secret-${index}`,
      image: puller.image,
      ...(command === undefined ? {} : { command }),
      ...(env === undefined ? {} : { env }),
      resources: puller.resources,
      volumeMounts: mountsOf(puller, [step]),
      ...(volumes === undefined ? {} : { privateVolumes: volumes }),
    }
  }
  const [first, ...rest] = steps
  return [container(first, 0), ...rest.map((step, index) => container(step, index + 1))]
}

/** The mounts of an init container for the volumes of its steps. */
export const mountsOf = (puller: Puller, steps: NonEmpty<FetchStep>): NonEmpty<PullMount> => {
  const files = { name: volumeName(puller), mountPath: puller.mountPath }
  if (steps.every(isEnvFileStep)) return [envMount]
  return steps.some(isEnvFileStep) ? [files, envMount] : [files]
}

/** Runs a script followed by the words of all steps; the kubelet expands neither. */
export const scriptCommand = (script: string, steps: NonEmpty<FetchStep>): NonEmpty<string> => {
  const words = steps.flatMap(({ args }) => args ?? [])
  return ['sh', '-c', withoutExpansion(script), 'sh', ...words.map(withoutExpansion)]
}

/** The text without trailing characters of this kind. (A regular expression would try at each of them.) */
export const withoutTrailing = (text: string, character: string): string => {
  let end = text.length
  while (end > 0 && text[end - 1] === character) end--
  return text.slice(0, end)
}

/**
 * What the Pod Security Standards' level Restricted requires of a container, and a read-only root file system.
 * The user can be any except root, so the files that it writes are readable by all.
 */
export const restricted = {
  runAsNonRoot: true,
  runAsUser: 65_532,
  runAsGroup: 65_532,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} as const

/** The volume of all files that a manager's init containers fetch. */
const volumeName = (puller: Puller): string => `${puller.prefix}-secret-vol`
