import { cleanPath } from '../clean-path.ts'
import { type NonEmpty, type Refusal, shown } from '../errors.ts'
import { isObject } from '../json.ts'
import { isAnnotationKey, isDnsLabel, isSecretKey, isSubdomain } from '../kubernetes-names.ts'
import type { Want } from '../manager-kit/wants.ts'
import { secretsDirectory } from '../request/names.ts'
import type { Found } from './merge.ts'
import type { WantOf } from './wishes.ts'

/** The subject that breaks a rule, and the rule. */
export interface Fault {
  readonly what: string
  readonly why: string
}

/** A fault as the refusal of the requests behind it. It names the manager that has to be corrected. */
export const faultRefusal = (by: NonEmpty<string>, manager: string, { what, why }: Fault): Refusal => ({
  by,
  what,
  why: `${manager}: ${why}`,
})

/**
 * The managers' findings, except requests with a want that breaks a rule, and these as refusals. Nothing that a manager
 * wants reaches a pod unchecked, for any author of the manager (specification §5).
 */
export const soundWants = (
  found: readonly Found[],
): { readonly sound: readonly Found[]; readonly refusals: readonly Refusal[] } => {
  const checked = found.map((one) => ({ one, faults: faultsOf(one.wants) }))
  return {
    sound: checked.filter(({ faults }) => faults.length === 0).map(({ one }) => one),
    refusals: checked.flatMap(({ one: { annotation, manager }, faults }) =>
      faults.map((fault) => faultRefusal([annotation], manager, fault)),
    ),
  }
}

const faultsOf = (wants: readonly Want[]): readonly Fault[] => {
  const faults = wants.flatMap((want) => {
    if (want.kind === 'envFile') return []
    const why = whyNot(want)
    return why === undefined ? [] : [{ what: textOf(want), why }]
  })
  if (wants.some(({ kind }) => kind === 'variable')) return faults
  const why = 'at least one is needed, because flytekit finds a secret by its variables'
  return [{ what: 'its variables', why }, ...faults]
}

/** An env file has no content of its own that could break a rule: its step becomes an init container, which is checked later. */
type CheckedWant = Exclude<Want, { kind: 'envFile' }>

/** The first rule that a want breaks, or undefined. */
const whyNot = (want: CheckedWant): string | undefined => {
  switch (want.kind) {
    case 'variable':
      return whyNotAVariable(want)
    case 'file':
      return whyNotAFile(want)
    case 'secretVolume':
      return whyNotMounted(want) ?? whyNotASecret(want.secretName, want.item.key) ?? whyNotAnItem(want.item)
    case 'fetch':
      return whyNotMounted(want)
    case 'volume':
      return whyNotMounted(want) ?? whyNotASource(want.source)
    case 'annotation':
      return isAnnotationKey(want.key)
        ? undefined
        : 'its key must be [domain/]name, the name at most 63 letters, digits, - _ and .'
  }
}

const textOf = (want: CheckedWant): string => {
  if (want.kind === 'file') return `file ${shown(want.path)}`
  if (want.kind === 'annotation') return `annotation ${shown(want.key)}`
  return `${want.kind === 'variable' ? 'variable' : 'volume'} ${shown(want.name)}`
}

/** The name's rule is checked when the variable is written: the request may have chosen the name. */
const whyNotAVariable = ({ sources }: WantOf<'variable'>): string | undefined => {
  for (const source of sources) {
    const why =
      source.kind === 'secretKeyRef'
        ? whyNotASecret(source.name, source.key)
        : source.kind === 'fileKeyRef'
          ? (whyNotALabel(source.volumeName) ?? whyNotAnItem(source))
          : undefined
    if (why !== undefined) return why
  }
  return undefined
}

const whyNotAFile = ({ path, root }: WantOf<'file'>): string | undefined => {
  if (!isWithin(root)) return `its root must be ${secretsDirectory} or a path below`
  // The part of a clean path before a slash is clean too.
  return path.startsWith(root) && path[root.length] === '/' && cleanPath(path) === path
    ? undefined
    : 'it must be below its root, without an empty segment, "." or ".."'
}

const whyNotMounted = ({ name, mountPath }: { readonly name: string; readonly mountPath: string }) => {
  const why = whyNotALabel(name)
  if (why !== undefined || (isWithin(mountPath) && isCleanPath(mountPath))) return why
  return `it must be mounted at ${secretsDirectory} or below, without an empty segment, ".", ".." or ":"`
}

const belowDirectory = `${secretsDirectory}/`
const isWithin = (path: string): boolean => path === secretsDirectory || path.startsWith(belowDirectory)

const whyNotASource = (source: unknown): string | undefined =>
  isObject(source) && Object.keys(source).length === 1 && Object.values(source).every(isObject)
    ? undefined
    : 'its source must be one kind of volume with its fields, such as {"csi": {…}}'

/** Whether a path is absolute and in normal form. `VolumeMount.mountPath` contains no colon. */
export const isCleanPath = (path: string): boolean => cleanPath(path) === path && !path.includes(':')

/** Why a volume or container cannot have this name (`ValidateVolumes`, `ValidateContainers`), or undefined. */
export const whyNotALabel = (name: string): string | undefined =>
  isDnsLabel(name)
    ? undefined
    : 'its name must be a DNS-1123 label (1 to 63 of a-z 0-9 -, with a letter or digit at both ends)'

/** Why a Secret cannot have such a key (`validateSecretKeySelector`, `validateSecretVolumeSource`), or undefined. */
export const whyNotASecret = (name: string, key: string): string | undefined => {
  if (!isSubdomain(name)) return 'the name of its Secret must be a DNS-1123 subdomain'
  return isSecretKey(key)
    ? undefined
    : 'the key of its Secret must be 1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…"'
}

/** Why a volume cannot have this path for a key (`validateLocalNonReservedPath`), or undefined. */
export const whyNotAnItem = ({ path }: { readonly path: string }): string | undefined =>
  path !== '' && !/^\/|^\.\.|\/\.\.(\/|$)/.test(path)
    ? undefined
    : 'the path of a key in it must be relative and without ".."'
