import { type Refusal, shown } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { Part } from './change.ts'
import type { PodVolume, SecretItem } from './desired.ts'
import { append, type Operation } from './json-patch.ts'
import { holds } from './json-content.ts'
import { SortedPaths } from './paths.ts'
import type { Volume } from './pod.ts'

type SecretVolume = Extract<PodVolume, { kind: 'secret' }>

/**
 * Adds the volumes to the pod. An existing volume counts if it is as desired, ignoring what else was
 * added to it; missing items are added. Refuses anything else with that name (`ValidateVolumes`: names are unique).
 */
export const reconcileVolumes = (own: readonly Volume[] | undefined, volumes: readonly PodVolume[]): Part => {
  const byName = new Map((own ?? []).map((volume, index) => [volume.name, { volume, index }]))
  const missing: Volume[] = []
  const operations: Operation[] = []
  const refusals: Refusal[] = []
  for (const desired of volumes) {
    const there = byName.get(desired.name)
    if (there === undefined) {
      missing.push(asVolume(desired))
      continue
    }
    const part = reconcileVolume(there.volume, desired, `/spec/volumes/${there.index}`)
    operations.push(...part.operations)
    refusals.push(...(part.refusals ?? []))
  }
  return { operations: [...operations, ...append('/spec/volumes', own, missing)], refusals }
}

const asVolume = (desired: PodVolume): Volume => {
  const { name } = desired
  if (desired.kind !== 'secret') return { name, ...sourceOf(desired) }
  const items = desired.items.map(({ key, path }) => ({ key, path }))
  return { name, secret: { secretName: desired.secretName, items, optional: true } }
}

/** The source of a volume that is either complete or missing. */
const sourceOf = (desired: Exclude<PodVolume, SecretVolume>): JsonObject =>
  desired.kind === 'memory' ? { emptyDir: { medium: 'Memory' } } : desired.source

const reconcileVolume = (own: Volume, desired: PodVolume, path: string): Part => {
  if (desired.kind === 'secret') return reconcileSecretVolume(own, desired, path)
  const isThere = Object.entries(sourceOf(desired)).every(
    ([kind, set]) => isObject(own[kind]) && holds(own[kind], set),
  )
  return isThere ? { operations: [] } : foreign(desired)
}

const reconcileSecretVolume = (own: Volume, desired: SecretVolume, path: string): Part => {
  const secret = own['secret']
  if (!isObject(secret) || secret['secretName'] !== desired.secretName || secret['optional'] !== true)
    return foreign(desired)
  const items = secret['items']
  // A volume without items shows every key under its own name, including upper case.
  if (!Array.isArray(items) || items.length === 0 || !items.every(isObject)) return foreign(desired)
  const there = new Map(items.map((item) => [item['path'], item['key']]))
  const missing = desired.items.filter(({ key, path: to }) => there.get(to) !== key)
  const taken = new SortedPaths(items.map((item) => (typeof item['path'] === 'string' ? item['path'] : '')))
  const refusals = missing.filter((item) => taken.has(item.path)).map((item) => takenPath(item, desired.name))
  return {
    operations: append(
      `${path}/secret/items`,
      items,
      missing.map(({ key, path: to }) => ({ key, path: to })),
    ),
    refusals,
  }
}

const takenPath = ({ by, path }: SecretItem, volume: string): Refusal => ({
  by,
  what: `volume ${volume}`,
  why: `it already has something else at ${shown(path)}`,
})

const foreign = (desired: PodVolume): Part => ({
  operations: [],
  refusals: [
    {
      by: desired.by,
      what: `volume ${desired.name}`,
      why: `the pod has a volume of this name, but not the expected ${kindOf(desired)}`,
    },
  ],
})

const kindOf = (desired: PodVolume): string => {
  if (desired.kind === 'secret') return 'optional volume of that Secret with items'
  return desired.kind === 'memory' ? 'memory volume' : `${Object.keys(desired.source).join()} volume`
}
