import { isNonEmpty, type Refusal, shown } from '../errors.ts'
import type { DesiredVolume } from './desired.ts'
import { holds } from './json-content.ts'
import { type Group, groups, namesOf, type WantOf, type Wish } from './wishes.ts'

/** The wants that bring a volume into every container. */
type VolumeKind = 'secretVolume' | 'fetch' | 'volume'
export type VolumeGroup = Group<VolumeKind>

/** The wanted volumes: one for each Secret, in any number of versions, and one for each other name. */
export const volumeGroups = (wishes: readonly Wish[]): readonly VolumeGroup[] =>
  groups(wishes, ['secretVolume', 'fetch', 'volume'], volumeKey)

const volumeKey = (want: WantOf<VolumeKind>): string =>
  `${want.kind} ${want.kind === 'secretVolume' ? want.secretName : want.name}`

export const desiredVolume = (group: VolumeGroup): DesiredVolume => {
  const { want } = group[0]
  const common = { name: want.name, mountPath: want.mountPath, by: namesOf(group) }
  if (want.kind === 'fetch') return { kind: 'memory', ...common }
  if (want.kind === 'volume') return { kind: 'other', ...common, source: want.source }
  const items = groups(group, ['secretVolume'], ({ item }) => item.path)
  return {
    kind: 'secret',
    ...common,
    secretName: want.secretName,
    items: items.map((same) => ({ ...same[0].want.item, by: namesOf(same) })),
  }
}

/**
 * Refuses volumes that a pod cannot have together: one volume with two definitions, two with the same
 * name, two at the same path. Skips the paths in `refused`, which are already refused.
 */
export const volumeContradictions = (
  volumes: readonly VolumeGroup[],
  refused: ReadonlyMap<string, unknown>,
): readonly Refusal[] => [
  ...volumes.filter(differs).map((group) => ({
    by: namesOf(group),
    what: `volume ${shown(group[0].want.name)}`,
    why: 'it is requested with different sources or at different paths',
  })),
  ...clashes(volumes, ({ name }) => name).map(([name, all]) => ({
    by: namesOf(all),
    what: `volume ${shown(name)}`,
    why: 'different volumes have this name',
  })),
  ...clashes(volumes, ({ mountPath }) => mountPath)
    .filter(([path]) => !refused.has(path))
    .map(([path, all]) => ({
      by: namesOf(all),
      what: `volumes ${[...new Set(all.map(({ want }) => shown(want.name)))].join(' and ')}`,
      why: `all would be mounted at ${shown(path)}`,
    })),
]

const differs = ([{ want: first }, ...rest]: VolumeGroup): boolean =>
  rest.some(({ want }) => want.mountPath !== first.mountPath || !hasSource(want, first))

const hasSource = (want: WantOf<VolumeKind>, first: WantOf<VolumeKind>): boolean =>
  want.kind !== 'volume' ||
  first.kind !== 'volume' ||
  (holds(want.source, first.source) && holds(first.source, want.source))

/** The wants for different volumes with the same name or path, by that name or path. */
const clashes = (
  volumes: readonly VolumeGroup[],
  commonOf: (want: WantOf<VolumeKind>) => string,
): readonly (readonly [common: string, VolumeGroup])[] => {
  if (volumes.length < 2) return []
  return [...Map.groupBy(volumes, ([{ want }]) => commonOf(want))].flatMap(([common, same]) => {
    const all = same.flat()
    return same.length > 1 && isNonEmpty(all) ? [[common, all] as const] : []
  })
}
