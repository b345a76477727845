import type { Refusal } from '../errors.ts'
import { textOf } from '../secret-value.ts'
import type { Part } from './change.ts'
import type { DesiredPulls, PodVolume } from './desired.ts'
import { prepend } from './json-patch.ts'
import { type Container, type EnvVar, isWhole, type Pod } from './pod.ts'
import { whyNotAValue, whyNotAWord } from './rules.ts'
import { isSameEnvVar, plainEnvVar } from './variables.ts'
import { asExpanded } from '../kubelet-expansion.ts'
import type { PrivateVolume, PullContainer, Variable } from '../manager-kit/wants.ts'

/**
 * Adds the pull containers before all other init containers of the pod, because those need the files too. One that already
 * exists stays in its place. Refuses another container with such a name (`validateInitContainers`: names are
 * unique among all containers).
 */
export const reconcilePullContainers = (pod: Pod, { containers, by }: DesiredPulls): Part => {
  const init = new Map((pod.initContainers ?? []).map((container) => [container.name, container]))
  const others = new Set(pod.containers.map(({ name }) => name))
  const missing: WrittenContainer[] = []
  const refusals: Refusal[] = []
  for (const container of containers) {
    const written = asContainer(container, pod)
    refusals.push(...impossible(container).map(({ what, why }) => ({ by, what, why })))
    const there = init.get(container.name)
    if (others.has(container.name) || (there !== undefined && !isPullContainer(there, written))) {
      refusals.push({
        by,
        what: `init container ${container.name}`,
        why: 'the pod has another container of this name',
      })
    } else if (there === undefined) {
      missing.push(written)
    }
  }
  return { operations: prepend('/spec/initContainers', pod.initContainers, missing), refusals }
}

/** The volumes that only pull containers mount, as they should be in the pod. */
export const privateVolumes = ({ containers, by }: DesiredPulls): readonly PodVolume[] =>
  ownVolumes(containers).map(
    (volume): PodVolume =>
      volume.kind === 'memory'
        ? { ...volume, by }
        : { ...volume, by, items: volume.items.map((item) => ({ ...item, by })) },
  )

/** The volumes that only pull containers mount. Several containers may share a memory volume: it appears once. */
export const ownVolumes = (containers: readonly PullContainer[]): readonly PrivateVolume[] => {
  const all = containers.flatMap(({ privateVolumes: own = [] }) => own)
  const shared = new Set<string>()
  return all.filter(({ kind, name }) => kind !== 'memory' || shared.size !== shared.add(name).size)
}

interface WrittenContainer extends Omit<PullContainer, 'env' | 'privateVolumes' | 'resources'> {
  readonly env?: readonly EnvVar[]
  readonly resources?: unknown
  readonly terminationMessagePolicy: 'FallbackToLogsOnError'
}

/**
 * If a pod as a whole has resources, its containers share them. A container that requests more makes the pod invalid
 * (`validatePodResourceConsistency`). Flyte shows its user only the termination message of a failed init container.
 */
const asContainer = (
  { env, privateVolumes: _, resources, ...container }: PullContainer,
  { hasOwnResources }: Pod,
): WrittenContainer => ({
  ...container,
  ...(env === undefined ? {} : { env: env.map(asEnvVar) }),
  ...(hasOwnResources ? {} : { resources }),
  terminationMessagePolicy: 'FallbackToLogsOnError',
})

const asEnvVar = (variable: Variable): EnvVar =>
  'value' in variable
    ? plainEnvVar(variable.name, textOf(variable.value))
    : { name: variable.name, valueFrom: variable.valueFrom }

/** Variables and words that would keep the container from starting. */
const impossible = ({ name, env, command }: PullContainer): readonly Pick<Refusal, 'what' | 'why'>[] => [
  ...(env ?? []).flatMap((variable) => {
    const why = whyNotAValue(variable.name, 'value' in variable ? textOf(variable.value) : '')
    return why === undefined ? [] : [{ what: `variable ${variable.name} of init container ${name}`, why }]
  }),
  ...(command ?? []).flatMap((word) => {
    const why = whyNotAWord(asExpanded(word))
    return why === undefined ? [] : [{ what: `the command of init container ${name}`, why }]
  }),
]

/**
 * Whether a container fetches what the desired one fetches: the same command, variables and mounts, ignoring what others
 * added. It ignores image and resources, because other webhooks mirror registries and adjust resources.
 */
const isPullContainer = (there: Container, { command, env, volumeMounts }: WrittenContainer): boolean => {
  // The pod's container may have thousands of variables and mounts.
  const ownEnv = Map.groupBy(there.env ?? [], ({ name }) => name)
  const ownMounts = new Map((there.volumeMounts ?? []).map((mount) => [mount.mountPath, mount]))
  return (
    (command === undefined || isSameCommand(there.command, command)) &&
    (env ?? []).every((entry) => {
      const [own, ...more] = ownEnv.get(entry.name) ?? []
      return more.length === 0 && isSameEnvVar(own, entry)
    }) &&
    volumeMounts.every(({ name, mountPath }) => {
      const own = ownMounts.get(mountPath)
      return own?.name === name && isWhole(own)
    })
  )
}

const isSameCommand = (there: unknown, command: readonly string[]): boolean =>
  Array.isArray(there) && there.length === command.length && command.every((word, at) => there[at] === word)
