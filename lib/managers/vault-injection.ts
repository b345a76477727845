import { shown } from '../errors.ts'
import { goBool } from '../go-bool.ts'
import { type FilePath, secretsDirectory } from '../request/names.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import { cleanPath } from '../clean-path.ts'
import { vaultInjector } from './vault-injector.ts'

/**
 * What Vault's Agent Injector will do with a pod, from the annotations that take effect: the pod's own, then the operator's.
 * Source: vault-k8s 1.6.2, `agent-inject/agent/agent.go` (`ShouldInject`, `New`, `Patch`), `annotations.go` (`Init`,
 * `secrets`) and `container_volume.go`.
 */
export interface Injection {
  /** Why no secret of this webhook would arrive. */
  readonly whyNot: string | undefined
  /** The injector writes files to another path, except those with a path of their own. */
  readonly isElsewhere: boolean
  /** The pod has files of its own at the injector's default path: a common path would move them. */
  readonly leavesCommonPath: boolean
  /** The injector has already changed the pod. It never changes a pod twice. */
  readonly isOver: boolean
  /** Where annotations mount other volumes of Vault, at or below the secrets' directory: mount path → annotation. */
  readonly otherMounts: ReadonlyMap<string, string>
  readonly warnings: readonly string[]
}

export type Annotations = Readonly<Record<string, string>>

/** An annotation of the injector by its full name. */
export const name = (annotation: string): string => `vault.hashicorp.com/${annotation}`

/** Reads the annotations of a pod and those that the operator gives to every pod. */
export const injectionInto = (pod: PodFacts, operators: Annotations): Injection => {
  const { annotations } = pod
  const winning = (annotation: string): string | undefined =>
    own(annotations, name(annotation)) ?? own(operators, name(annotation))
  const commonPath = winning('secret-volume-path')
  const leavesCommonPath = commonPath === undefined && hasFilesAtDefaultPath(annotations)
  const isElsewhere = leavesCommonPath || (commonPath !== undefined && !isSecretsDirectory(commonPath))
  // The injector compares paths as text: another spelling of one directory is another volume.
  const spelled = isElsewhere ? secretsDirectory : (commonPath ?? secretsDirectory)
  return {
    whyNot: whyNotInjected(pod, winning),
    isElsewhere,
    leavesCommonPath,
    isOver: isInjected(pod),
    otherMounts: new Map(
      Object.entries({ ...operators, ...annotations })
        .filter(([key, path]) => key.startsWith(name('secret-volume-path')) && path !== spelled)
        .map(([key, path]) => [cleanPath(path), key] as const)
        .filter(([path]) => `${path}/`.startsWith(`${secretsDirectory}/`)),
    ),
    warnings: warningsOf(pod, winning),
  }
}

type Winning = (annotation: string) => string | undefined

/** The text of an annotation, if it exists. */
export const own = (annotations: Annotations, annotation: string): string | undefined =>
  Object.hasOwn(annotations, annotation) ? annotations[annotation] : undefined

/** Whether the injector reads the value of an annotation as true. */
export const isTrue = (value: string): boolean => goBool(value) === true

const isSecretsDirectory = (path: string): boolean => cleanPath(path) === secretsDirectory

const { injected } = vaultInjector
const [initContainer] = vaultInjector.containers

/** Whether the injector has already changed a pod. It never changes a pod twice. */
const isInjected = ({ annotations }: PodFacts): boolean => own(annotations, injected.key) === injected.value

const whyNotInjected = (pod: PodFacts, winning: Winning): string | undefined => {
  if (!isTrue(winning('agent-inject') ?? 'true'))
    return `the annotation ${name('agent-inject')} disables Vault's injector`
  if (!isTrue(winning('agent-pre-populate') ?? 'true'))
    return `the annotation ${name('agent-pre-populate')} lets containers start before Vault's agent has written a file`
  if ((winning('agent-configmap') ?? '') !== '')
    return `the annotation ${name('agent-configmap')} replaces the secrets that other annotations name`
  if (isInjected(pod) && !pod.initContainers.includes(initContainer))
    return `the annotation ${injected.key} makes Vault's injector skip the pod, which has no container ${initContainer}`
  return undefined
}

export const changedAlready = "Vault's injector changed the pod before this secret was requested"

/** The annotations of one secret. */
export interface SecretAnnotations {
  readonly id: string
  /** The annotations to write. */
  readonly own: Annotations
  /** The value that each of these annotations must have if the pod has it; undefined if the pod must not have it. */
  readonly needed: Readonly<Record<string, string | undefined>>
  /** The file that other volumes could hide. */
  readonly path?: FilePath
}

/** Why a secret would not be where its variables point, although the injector works. */
export const whyNotArriving = (
  { annotations }: PodFacts,
  { isOver, otherMounts }: Injection,
  { id, needed, path }: SecretAnnotations,
): string | undefined => {
  const other = Object.entries(needed).find(([key, value]) => (own(annotations, key) ?? value) !== value)
  if (other !== undefined) return `the pod's annotation ${other[0]} has another value`
  if (isOver && own(annotations, name(`agent-inject-secret-${id}`)) === undefined) return changedAlready
  if (path === undefined) return undefined
  for (let at = path.absolute; at.length >= secretsDirectory.length; at = at.slice(0, at.lastIndexOf('/'))) {
    const hiding = otherMounts.get(at)
    if (hiding !== undefined) return `the annotation ${shown(hiding)} mounts another volume over its file`
  }
  return undefined
}

const secretAnnotation = /^vault\.hashicorp\.com\/agent-inject-(?:secret|template-file|template)-(.+)$/

const hasFilesAtDefaultPath = (annotations: Annotations): boolean =>
  isTrue(own(annotations, name('agent-inject-token')) ?? '') ||
  Object.entries(annotations).some(([key, value]) => {
    const id = secretAnnotation.exec(key)?.[1]
    return (
      id !== undefined && value.trim() !== '' && !Object.hasOwn(annotations, name(`secret-volume-path-${id}`))
    )
  })

/** More names than fit into the 120 characters of a warning. */
const maxNamed = 10

/** What the winning annotations prevent this webhook from doing, although the secrets arrive. */
const warningsOf = (pod: PodFacts, winning: Winning): readonly string[] => {
  const path = own(pod.annotations, name('secret-volume-path'))
  const agents: readonly string[] = isInjected(pod) ? vaultInjector.containers : []
  const isOther = (container: string): boolean => !agents.includes(container)
  const listed = winning('agent-inject-containers')?.split(',')
  const served = new Set(listed ?? pod.containers)
  const left = pod.containers.filter((container) => isOther(container) && !served.has(container))
  return [
    ...(path === undefined || isSecretsDirectory(path)
      ? []
      : [`the pod's ${name('secret-volume-path')} is kept, but only for its own files`]),
    ...(pod.initContainers.some(isOther) && !isTrue(winning('agent-init-first') ?? 'true')
      ? [`${name('agent-init-first')} lets init containers start before their secrets arrive`]
      : []),
    ...(left.length === 0
      ? []
      : [`${name('agent-inject-containers')} leaves out: ${left.slice(0, maxNamed).map(shown).join(', ')}`]),
  ]
}
