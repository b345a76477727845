import { isNonEmpty, type NonEmpty, type Refusal, shown, unique } from '../errors.ts'
import { textOf } from '../secret-value.ts'
import type { Source, Want } from '../manager-kit/wants.ts'
import type { Merged } from './desired.ts'
import { desiredVolume, type VolumeGroup, volumeContradictions, volumeGroups } from './merge-volumes.ts'
import { nearestAbove } from './paths.ts'
import { type Group, groups, namesOf, type Wish } from './wishes.ts'

/** What one request wants, with its manager. */
export interface Found {
  readonly annotation: string
  readonly manager: string
  readonly wants: NonEmpty<Want>
}

/** What all requests want together, and every contradiction. If they contradict each other, the first one wins. */
export interface Merging {
  readonly merged: Merged
  readonly refusals: readonly Refusal[]
}

/**
 * Merges what all requests of a pod want. Refuses every contradiction and names all requests in it
 * (specification §3): a variable, a file or a volume with two contents, a file that would be the directory of another or lie
 * behind another volume, two volumes at one path, files of two managers that both need the whole directory.
 */
export const merge = (found: readonly Found[]): Merging => {
  const wishes = found.flatMap(({ annotation, manager, wants }) =>
    wants.map((want): Wish => ({ want, by: annotation, manager })),
  )
  const variables = groups(wishes, ['variable'], (want) => want.name)
  const files = groups(wishes, ['file'], (want) => want.path)
  const volumes = volumeGroups(wishes)
  const annotations = groups(wishes, ['annotation'], (want) => want.key)
  const fetches = groups(wishes, ['fetch', 'envFile'], (want) => want.identity)
  // Most pods have a single request, and its files do not conflict with each other.
  const shared = found.length > 1 ? rootsOfTwoManagers(files) : new Map<string, Group<'file'>>()

  return {
    merged: {
      variables: variables.map((group) => ({
        name: group[0].want.name,
        sources: group[0].want.sources,
        by: namesOf(group),
      })),
      files: files.map((group) => ({
        path: group[0].want.path,
        root: group[0].want.root,
        by: namesOf(group),
      })),
      volumes: volumes.map(desiredVolume),
      annotations: annotations.map((group) => ({ ...group[0].want, by: namesOf(group) })),
      fetches: isNonEmpty(fetches) ? desiredFetches(fetches) : undefined,
    },
    refusals: [
      ...variables
        .filter(hasTwoSources)
        .map((group) => twoContents(`variable ${shown(group[0].want.name)}`, group)),
      ...files
        .filter(hasTwoIdentities)
        .map((group) => twoContents(`file ${shown(group[0].want.path)}`, group)),
      ...(found.length > 1
        ? [
            ...filesBelowFiles(files),
            ...filesBehindVolumes(files, volumes),
            ...[...shared].map(([root, group]) => filesOfTwoManagers(root, group)),
            ...fetchesOfTwoManagers(fetches, shared),
          ]
        : []),
      ...volumeContradictions(volumes, shared),
    ],
  }
}

/** Wants for the same content, which an init container fetches. */
type FetchGroup = Group<'fetch' | 'envFile'>

/** The fetches of the first manager that has some. Refuses those of another manager. */
const desiredFetches = ([first, ...others]: NonEmpty<FetchGroup>): Merged['fetches'] => {
  const { manager } = first[0]
  const rest = others.filter((group) => group[0].manager === manager)
  return {
    manager,
    steps: [first[0].want.step, ...rest.map((group) => group[0].want.step)],
    by: unique([...namesOf(first), ...rest.flatMap(namesOf)]),
  }
}

const hasTwoSources = (group: Group<'variable'>): boolean =>
  group.some(({ want }) => !sameSources(want.sources, group[0].want.sources))

const sameSources = (a: NonEmpty<Source>, b: NonEmpty<Source>): boolean =>
  a.length === b.length && a.every((source, index) => sameSource(source, b[index]))

const sameSource = (a: Source, b: Source | undefined): boolean => {
  switch (a.kind) {
    case 'literal':
      return b?.kind === 'literal' && textOf(a.value) === textOf(b.value)
    case 'secretKeyRef':
      return b?.kind === 'secretKeyRef' && a.name === b.name && a.key === b.key
    case 'fileKeyRef':
      return b?.kind === 'fileKeyRef' && a.content === b.content
  }
}

const hasTwoIdentities = (group: Group<'file'>): boolean =>
  group.some(({ want }) => want.identity !== group[0].want.identity)

const twoContents = (what: string, group: NonEmpty<Wish>): Refusal => ({
  by: namesOf(group),
  what,
  why: 'it is requested with different contents',
})

const filesBelowFiles = (files: readonly Group<'file'>[]): readonly Refusal[] => {
  const byPath = new Map(files.map((group) => [group[0].want.path, group]))
  const nearest = nearestAbove([...byPath.keys()], [...byPath.keys()])
  return files.flatMap((group) => {
    const { path } = group[0].want
    const directory = nearest.get(path)
    if (directory === undefined) return []
    const why = `its directory ${shown(directory)} is also a requested file`
    return [{ by: namesOf([...(byPath.get(directory) ?? []), ...group]), what: `file ${shown(path)}`, why }]
  })
}

/** A mounted volume hides the content of another at its mount path. */
const filesBehindVolumes = (
  files: readonly Group<'file'>[],
  volumes: readonly VolumeGroup[],
): readonly Refusal[] => {
  const byMountPath = new Map(volumes.map((group) => [group[0].want.mountPath, group]))
  const nearest = nearestAbove(
    files.map((group) => group[0].want.path),
    [...byMountPath.keys()],
  )
  return files.flatMap((group) => {
    const { path, root } = group[0].want
    const mountPath = nearest.get(path)
    if (mountPath === undefined || !mountPath.startsWith(`${root}/`)) return []
    const why = `another volume, at ${shown(mountPath)}, would hide it`
    return [
      { by: namesOf([...(byMountPath.get(mountPath) ?? []), ...group]), what: `file ${shown(path)}`, why },
    ]
  })
}

/** A path takes only one volume, so the files below it come from one manager. These are the paths with several managers. */
const rootsOfTwoManagers = (files: readonly Group<'file'>[]): ReadonlyMap<string, Group<'file'>> =>
  new Map(
    [...Map.groupBy(files.flat(), ({ want }) => want.root)].flatMap(([root, wishes]) =>
      isNonEmpty(wishes) && managersOf(wishes).length > 1 ? [[root, wishes] as const] : [],
    ),
  )

const managersOf = (wishes: readonly Wish[]): readonly string[] => [
  ...new Set(wishes.map(({ manager }) => manager)),
]

const filesOfTwoManagers = (root: string, wishes: NonEmpty<Wish>): Refusal => ({
  by: namesOf(wishes),
  what: `the files of ${managersOf(wishes).join(' and ')}`,
  why: `only one manager can use the directory ${root}`,
})

/** All init containers of a pod come from one manager, even if the files of each have a directory of their own. */
const fetchesOfTwoManagers = (
  fetches: readonly FetchGroup[],
  refused: ReadonlyMap<string, unknown>,
): readonly Refusal[] => {
  const wishes = fetches.flat().filter(({ want }) => want.kind === 'envFile' || !refused.has(want.mountPath))
  const managers = managersOf(wishes)
  if (managers.length < 2 || !isNonEmpty(wishes)) return []
  const why = 'only one manager can add init containers'
  return [{ by: namesOf(wishes), what: `the files of ${managers.join(' and ')}`, why }]
}
