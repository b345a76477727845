import type { Refusal } from '../errors.ts'
import type { Part } from './change.ts'
import type { DesiredPulls } from './desired.ts'
import { prepend } from './json-patch.ts'
import { isWhole } from './mounts.ts'
import type { Container, EnvVar, Pod } from './pod.ts'
import { isSameEnvVar, plainEnvVar } from './variables.ts'
import type { PullContainer } from './wants.ts'

/**
 * Brings the pull containers into the pod, before all other init containers: those need the files too. One that is
 * there already stays where it is. Another container of such a name is refused (`validateInitContainers`: names are
 * unique among all containers).
 */
export const reconcilePullContainers = (pod: Pod, { containers, by }: DesiredPulls): Part => {
  const init = new Map((pod.initContainers ?? []).map((container) => [container.name, container]))
  const others = new Set(pod.containers.map(({ name }) => name))
  const missing: WrittenContainer[] = []
  const refusals: Refusal[] = []
  for (const container of containers) {
    const written = asContainer(container)
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

interface WrittenContainer extends Omit<PullContainer, 'env'> {
  readonly env?: readonly EnvVar[]
}

const asContainer = ({ env, ...container }: PullContainer): WrittenContainer =>
  env === undefined
    ? container
    : { ...container, env: env.map(({ name, value }) => plainEnvVar(name, value)) }

/**
 * Whether a container fetches what the desired one fetches: the same command, variables and mounts, whatever others
 * added. Image and resources are no part of that: registries are mirrored and resources adjusted by other webhooks.
 */
const isPullContainer = (there: Container, { command, env, volumeMounts }: WrittenContainer): boolean =>
  (command === undefined || JSON.stringify(there.command) === JSON.stringify(command)) &&
  (env ?? []).every((entry) => {
    const own = (there.env ?? []).filter(({ name }) => name === entry.name)
    return own.length === 1 && isSameEnvVar(own[0], entry)
  }) &&
  volumeMounts.every(({ name, mountPath }) =>
    (there.volumeMounts ?? []).some(
      (mount) => mount.name === name && mount.mountPath === mountPath && isWhole(mount),
    ),
  )
