import { type NonEmpty, type Refusal, shown } from '../errors.ts'
import { isObject } from '../json.ts'
import { withoutExpansion } from '../kubelet-expansion.ts'
import { textOf } from '../secret-value.ts'
import type { Meeting, Part } from './change.ts'
import type { DesiredVariable } from './desired.ts'
import { append, type Operation, prepend, remove } from './json-patch.ts'
import type { Container, EnvVar } from './pod.ts'
import { whyNotAName, whyNotAValue } from './rules.ts'
import type { Source } from '../manager-kit/wants.ts'

/** `flyte1` appends and keeps the container's own variables; `flyte2` puts its own in front and replaces them (specification §3). */
export type Placing = 'append' | 'prepend-and-replace'

/** A variable for a container's `env`, with one entry for each source, and the annotations that asked for it. */
interface PlacedVariable {
  readonly entries: readonly EnvVar[]
  readonly by: NonEmpty<string>
}

/** By name. */
export type PlacedVariables = ReadonlyMap<string, PlacedVariable>

export interface VariableRules {
  readonly placed: PlacedVariables
  readonly placing: Placing
  /** The volumes whose files do not exist when the container starts. */
  readonly unwritten: ReadonlySet<unknown>
}

/** Writes variables as Kubernetes' EnvVar, once for all containers, or returns why a container could not have them. */
export const placedVariables = (
  variables: readonly DesiredVariable[],
): { readonly placed: PlacedVariables; readonly refusals: readonly Refusal[] } => ({
  placed: new Map(
    variables.map(
      ({ name, sources, by }) =>
        [name, { entries: sources.map((source) => envVar(name, source)), by }] as const,
    ),
  ),
  refusals: variables.flatMap(({ name, sources, by }) => {
    const whys = new Set([whyNotAName(name), ...sources.map((source) => whyNotASource(name, source))])
    return [...whys]
      .filter((why) => why !== undefined)
      .map((why) => ({ by, what: `variable ${shown(name)}`, why }))
  }),
})

const envVar = (name: string, source: Source): EnvVar => {
  switch (source.kind) {
    case 'literal':
      return plainEnvVar(name, textOf(source.value))
    case 'secretKeyRef':
      return { name, valueFrom: { secretKeyRef: { name: source.name, key: source.key, optional: true } } }
    case 'fileKeyRef': {
      const { volumeName, path, key } = source
      return { name, valueFrom: { fileKeyRef: { volumeName, path, key } } }
    }
  }
}

/** The entry of a literal value: the container sees the value as it is stored. */
export const plainEnvVar = (name: string, value: string): EnvVar => ({
  name,
  value: withoutExpansion(value),
})

/** The value behind a reference is unknown here, but even without one the name can be too long. */
const whyNotASource = (name: string, source: Source): string | undefined =>
  whyNotAValue(name, source.kind === 'literal' ? textOf(source.value) : '')

/**
 * Adds the variables to one container. It leaves out a variable from a file of one of the `unwritten` volumes, because the
 * container starts before that file is written.
 */
export const reconcileVariables = (
  container: Container,
  { placed: variables, placing, unwritten }: VariableRules,
): Part => {
  const path = `${container.pointer}/env`
  const own = ownEntries(container.env ?? [], variables)
  const missing: EnvVar[] = []
  const replaced: number[] = []
  const meetings: Meeting[] = []
  const refusals: Refusal[] = []
  for (const [name, { entries, by }] of variables) {
    const there = own.get(name)
    if (unwritten.size > 0 && entries.some((entry) => unwritten.has(volumeOf(entry)))) {
      if (there?.some(({ entry }) => entries.some((each) => isSameEnvVar(entry, each))))
        refusals.push({ by, what: `variable ${shown(name)}`, why: neverStarts(container) })
      else meetings.push({ variable: shown(name), container: shown(container.name), outcome: 'too-early' })
    } else if (there === undefined) {
      missing.push(...entries)
    } else if (!isSame(there, entries)) {
      meetings.push({
        variable: shown(name),
        container: shown(container.name),
        outcome: placing === 'append' ? 'kept' : 'replaced',
      })
      if (placing === 'append') continue
      missing.push(...entries)
      for (const { index } of there) replaced.push(index)
    }
  }
  const removals: readonly Operation[] = replaced
    .toSorted((a, b) => b - a)
    .map((index) => remove(`${path}/${index}`))
  const place = placing === 'append' ? append : prepend
  return { operations: [...removals, ...place(path, container.env, missing)], meetings, refusals }
}

const neverStarts = ({ name }: Container): string =>
  `container ${shown(name)} has it too and starts before its file exists, so it could never start`

interface Entry {
  readonly index: number
  readonly entry: EnvVar
}

/** The container's own entries for these variables, by name. It may have thousands of others. */
const ownEntries = (
  env: readonly EnvVar[],
  variables: PlacedVariables,
): ReadonlyMap<string, readonly Entry[]> => {
  const own = new Map<string, Entry[]>()
  for (const [index, entry] of env.entries()) {
    if (!variables.has(entry.name)) continue
    const entries = own.get(entry.name) ?? []
    entries.push({ index, entry })
    own.set(entry.name, entries)
  }
  return own
}

const isSame = (there: readonly Entry[], entries: readonly EnvVar[]): boolean =>
  there.length === entries.length && entries.every((entry, at) => isSameEnvVar(there[at]?.entry, entry))

/**
 * Whether an entry is already as desired. The API server leaves out an empty `value`, and stores an absent `optional` of a
 * `fileKeyRef` as `false` (`core/v1`, `SecretKeySelector`, `FileKeySelector`).
 */
export const isSameEnvVar = (there: EnvVar | undefined, desired: EnvVar): boolean => {
  if (there === undefined) return false
  const from = desired['valueFrom']
  if (!isObject(from))
    return (there['valueFrom'] ?? null) === null && (there['value'] ?? '') === desired['value']
  const own = there['valueFrom']
  return Object.entries(from).every(([kind, ref]) => isObject(own) && isSameRef(own[kind], ref))
}

/** References name texts, besides `optional`. */
const isSameRef = (there: unknown, ref: unknown): boolean =>
  isObject(there) &&
  isObject(ref) &&
  Object.entries({ optional: false, ...ref }).every(([field, set]) => (there[field] ?? false) === set)

/** The volume of the file behind a variable, if it has one. */
const volumeOf = (entry: EnvVar): unknown => {
  const from = entry['valueFrom']
  const ref = isObject(from) ? from['fileKeyRef'] : undefined
  return isObject(ref) ? ref['volumeName'] : undefined
}
