import { type Refusal, shown } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { textOf } from '../secret-value.ts'
import type { Meeting, Part } from './change.ts'
import type { DesiredVariable } from './desired.ts'
import { append, type Operation, prepend, remove } from './json-patch.ts'
import type { Container, EnvVar } from './pod.ts'
import { whyNotAName, whyNotAValue } from './rules.ts'
import type { Source } from '../manager-kit/wants.ts'

/** `flyte1` appends and keeps what the container has; `flyte2` puts in front and replaces it (specification §3). */
export type Placing = 'append' | 'prepend-and-replace'

/** Variables by name, as they stand in a container's `env`: an entry a source. */
export type PlacedVariables = ReadonlyMap<string, readonly EnvVar[]>

/** Writes variables as Kubernetes' EnvVar, once for all containers, or says why a container could not have them. */
export const placedVariables = (
  variables: readonly DesiredVariable[],
): { readonly placed: PlacedVariables; readonly refusals: readonly Refusal[] } => ({
  placed: new Map(
    variables.map(({ name, sources }) => [name, sources.map((source) => envVar(name, source))] as const),
  ),
  refusals: variables.flatMap(({ name, sources, by }) => {
    const whys = [whyNotAName(name), ...sources.map((source) => whyNotASource(name, source))]
    return whys
      .filter((why) => why !== undefined)
      .map((why) => ({ by, what: `variable ${shown(name)}`, why }))
  }),
})

const envVar = (name: string, source: Source): EnvVar =>
  source.kind === 'literal'
    ? plainEnvVar(name, textOf(source.value))
    : { name, valueFrom: { secretKeyRef: { name: source.name, key: source.key, optional: true } } }

/**
 * The kubelet expands `$(NAME)` in a value and makes `$$` one `$` (Kubernetes, `EnvVar.value`): with every `$` doubled
 * the container sees the value as it is stored.
 */
export const plainEnvVar = (name: string, value: string): EnvVar => ({
  name,
  value: value.replaceAll('$', '$$$$'),
})

/** What the kubelet makes of a text in which every `$` is doubled. */
export const asExpanded = (text: string): string => text.replaceAll('$$', () => '$')

const whyNotASource = (name: string, source: Source): string | undefined =>
  source.kind === 'literal' ? whyNotAValue(name, textOf(source.value)) : undefined

/** Brings the variables into one container. */
export const reconcileVariables = (
  container: Container,
  variables: PlacedVariables,
  placing: Placing,
): Part => {
  const path = `${container.pointer}/env`
  const own = ownEntries(container.env ?? [], variables)
  const missing: EnvVar[] = []
  const replaced: number[] = []
  const meetings: Meeting[] = []
  for (const [name, entries] of variables) {
    const there = own.get(name)
    if (there === undefined) {
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
  return { operations: [...removals, ...place(path, container.env, missing)], meetings }
}

interface Entry {
  readonly index: number
  readonly entry: EnvVar
}

/** What a container already has of the variables, by name. It may have thousands of others. */
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
 * Whether an entry is already what is desired. The API server leaves out an empty `value`, and an absent `optional` is `false`
 * (`core/v1`, `SecretKeySelector`).
 */
export const isSameEnvVar = (there: EnvVar | undefined, desired: EnvVar): boolean => {
  if (there === undefined) return false
  const ref = secretKeyRef(desired)
  if (ref !== undefined) return isSameRef(secretKeyRef(there), ref)
  return (there['valueFrom'] ?? null) === null && (there['value'] ?? '') === desired['value']
}

const isSameRef = (there: JsonObject | undefined, ref: JsonObject): boolean =>
  there !== undefined &&
  there['name'] === ref['name'] &&
  there['key'] === ref['key'] &&
  (there['optional'] ?? false) === (ref['optional'] ?? false)

const secretKeyRef = (entry: EnvVar): JsonObject | undefined => {
  const from = entry['valueFrom']
  const ref = isObject(from) ? from['secretKeyRef'] : undefined
  return isObject(ref) ? ref : undefined
}
