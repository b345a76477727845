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
  /** The pod has files of its own at the injector's default path: a common path, also the operator's, would move them. */
  readonly leavesCommonPath: boolean
  /** The injector has already changed the pod. It never changes a pod twice. */
  readonly isOver: boolean
  /** Other volumes of Vault at or below the secrets' directory. None lies in another, and they are in alphabetical order. */
  readonly otherMounts: readonly VaultMount[]
  readonly warnings: readonly string[]
}

/** A mount of one of Vault's volumes. */
interface VaultMount {
  readonly annotation: string
  /** The mount path, with a `/` at its end. */
  readonly directory: string
}

export type Annotations = Readonly<Record<string, string>>

/** An annotation of the injector by its full name. */
export const name = (annotation: string): string => `vault.hashicorp.com/${annotation}`

/** Says where the injector writes all files that have no path of their own. */
export const commonPathName = name('secret-volume-path')

/** Reads the annotations of a pod and those that the operator gives to every pod. */
export const injectionInto = (pod: PodFacts, operators: Annotations): Injection => {
  const { annotations } = pod
  const leavesCommonPath =
    own(annotations, commonPathName) === undefined && hasFilesAtDefaultPath(annotations)
  const effective: Record<string, string> = { ...operators, ...annotations }
  if (leavesCommonPath) delete effective[commonPathName]
  const winning = (annotation: string): string | undefined => own(effective, name(annotation))
  const commonPath = own(effective, commonPathName)
  const isElsewhere = leavesCommonPath || (commonPath !== undefined && !isSecretsDirectory(commonPath))
  // The injector compares paths as text: another spelling of one directory is another volume.
  const spelled = isElsewhere ? secretsDirectory : (commonPath ?? secretsDirectory)
  return {
    whyNot: whyNotInjected(pod, winning),
    isElsewhere,
    leavesCommonPath,
    isOver: isInjected(pod),
    otherMounts: otherMountsIn(effective, spelled),
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

/** Finds what annotations mount at or below the secrets' directory, apart from the volume of this webhook's files. */
const otherMountsIn = (annotations: Annotations, ownPath: string): readonly VaultMount[] => {
  const mounts = Object.entries(annotations)
    .filter(([annotation, path]) => annotation.startsWith(commonPathName) && path !== ownPath)
    .map(([annotation, path]) => ({ annotation, directory: `${cleanPath(path)}/` }))
    .filter(({ directory }) => directory.startsWith(`${secretsDirectory}/`))
    .toSorted((a, b) => (a.directory < b.directory ? -1 : 1))
  const tops: VaultMount[] = []
  for (const mount of mounts) {
    const last = tops.at(-1)
    if (last === undefined || !mount.directory.startsWith(last.directory)) tops.push(mount)
  }
  return tops
}

/** The mount that hides a file: the last one before it in the alphabet, or none. A hostile pod has thousands of mounts. */
const mountOver = (path: string, mounts: readonly VaultMount[]): VaultMount | undefined => {
  const file = `${path}/`
  let [low, high] = [0, mounts.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((mounts[middle]?.directory ?? '') <= file) low = middle + 1
    else high = middle
  }
  const before = mounts[low - 1]
  return before !== undefined && file.startsWith(before.directory) ? before : undefined
}

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
  const hiding = path && mountOver(path.absolute, otherMounts)
  return hiding && `the annotation ${shown(hiding.annotation)} mounts another volume over its file`
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
  const path = own(pod.annotations, commonPathName)
  const agents: readonly string[] = isInjected(pod) ? vaultInjector.containers : []
  const isOther = (container: string): boolean => !agents.includes(container)
  const listed = winning('agent-inject-containers')?.split(',')
  const served = new Set(listed ?? pod.containers)
  const left = pod.containers.filter((container) => isOther(container) && !served.has(container))
  return [
    ...(path === undefined || isSecretsDirectory(path)
      ? []
      : [`the pod's ${commonPathName} is kept, but only for its own files`]),
    ...(pod.initContainers.some(isOther) && !isTrue(winning('agent-init-first') ?? 'true')
      ? [`${name('agent-init-first')} lets init containers start before their secrets arrive`]
      : []),
    ...(left.length === 0
      ? []
      : [`${name('agent-inject-containers')} leaves out: ${left.slice(0, maxNamed).map(shown).join(', ')}`]),
  ]
}
