import type { Json } from '../support/pods.ts'

/** A container's `env` in two parts: the earlier entries, in order, and the added ones, in any order but all on one side. */
interface ComparableEnv {
  readonly kept: readonly Json[]
  readonly added: readonly string[]
  readonly addedStand: 'after' | 'before' | 'between' | 'nowhere'
}

/**
 * Returns a pod in a form that two pods can be compared in, by the equality of `cases/README.md`. `input` is the pod of the
 * request.
 */
export const comparable = (pod: Json, input: Json): Json => {
  const copy = structuredClone(pod)
  if (copy.metadata.annotations !== undefined)
    copy.metadata.annotations = numberedVaultIds(copy.metadata.annotations)
  for (const list of ['initContainers', 'containers']) {
    for (const container of copy.spec[list] ?? []) {
      if (list === 'initContainers' && isOurs(container, input)) delete container.terminationMessagePolicy
      if (container.env === undefined) continue
      const before = allContainers(input).find(({ name }) => name === container.name)
      container.env = comparableEnv(container.env, before?.env ?? [])
    }
  }
  return copy
}

/** Whether an init container is ours: the pod has none of this name, or it fetches. */
const isOurs = ({ name }: Json, input: Json): boolean =>
  /-pull-secret|^init-embedded-secret$/.test(name) || !allContainers(input).some((own) => own.name === name)

const allContainers = (pod: Json): Json[] => [...(pod.spec.initContainers ?? []), ...pod.spec.containers]

const vaultId =
  /^(vault\.hashicorp\.com\/(?:agent-inject-(?:secret|file|template)|error-on-missing-key|secret-volume-path)-)(.+)$/

const numberedVaultIds = (annotations: Record<string, string>): Json => {
  const fileOf = (id: string): string => annotations[`vault.hashicorp.com/agent-inject-file-${id}`] ?? ''
  const ids = [...new Set(Object.keys(annotations).flatMap((key) => vaultId.exec(key)?.[2] ?? []))]
  const sortedIds = ids.toSorted((a, b) =>
    fileOf(a) === fileOf(b) ? order(a, b) : order(fileOf(a), fileOf(b)),
  )
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => {
      const match = vaultId.exec(key)
      return [match === null ? key : `${match[1]}ID${sortedIds.indexOf(match[2] ?? '')}`, value]
    }),
  )
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const entryText = (entry: Json): string =>
  JSON.stringify(sorted('valueFrom' in entry ? entry : { value: '', ...entry }))

const sorted = (value: Json): Json =>
  typeof value !== 'object' || value === null
    ? value
    : Array.isArray(value)
      ? value.map(sorted)
      : Object.fromEntries(
          Object.keys(value)
            .toSorted()
            .map((key) => [key, sorted(value[key])]),
        )

const comparableEnv = (env: readonly Json[], before: readonly Json[]): ComparableEnv => {
  const left = before.map(entryText)
  const texts = env.map(entryText)
  const isKept = texts.map((text) => {
    const at = left.indexOf(text)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  const added = texts.filter((_, index) => !isKept[index]).toSorted()
  const first = isKept.indexOf(true)
  const last = isKept.lastIndexOf(true)
  const sides = new Set(
    isKept.flatMap((kept, index) =>
      kept ? [] : [first < 0 ? 'nowhere' : index < first ? 'before' : index > last ? 'after' : 'between'],
    ),
  )
  const addedStand =
    sides.size === 0 ? 'nowhere' : sides.size > 1 ? 'between' : ([...sides][0] as ComparableEnv['addedStand'])
  return { kept: texts.filter((_, index) => isKept[index]), added, addedStand }
}

/** Replaces the name of the volume that the expected pod calls `HASHED`, which stands for any valid name. */
export const withHashedNames = (actual: Json, expected: Json): Json => {
  const index = (expected.spec.volumes ?? []).findIndex(({ name }: Json) => name === 'HASHED')
  if (index < 0) return actual
  const name: unknown = actual.spec.volumes?.[index]?.name
  if (typeof name !== 'string' || !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return actual
  return JSON.parse(
    JSON.stringify(actual, (key, value) => (key === 'name' && value === name ? 'HASHED' : value)),
  )
}
