import { isNonEmpty, type NonEmpty, type Refusal, shown, unique } from '../errors.ts'
import { textOf } from '../secret-value.ts'
import type { DesiredVolume, Merged } from './desired.ts'
import { nearestAbove } from './paths.ts'
import type { Source, Want } from '../manager-kit/wants.ts'

/** What one request wishes, and which manager said so. */
export interface Found {
  readonly annotation: string
  readonly manager: string
  readonly wants: NonEmpty<Want>
}

type WantOf<Kind extends Want['kind']> = Extract<Want, { kind: Kind }>
interface Wish<W extends Want = Want> {
  readonly want: W
  readonly by: string
  readonly manager: string
}
/** Wishes for one and the same thing, in the order of the requests. */
type Group<Kind extends Want['kind']> = NonEmpty<Wish<WantOf<Kind>>>

/** What all requests wish together, the first winning where they contradict each other, and every contradiction. */
export interface Merging {
  readonly merged: Merged
  readonly refusals: readonly Refusal[]
}

/**
 * Puts together what all requests of a pod wish. Every contradiction is refused, naming all who are part of it
 * (specification §3): a variable or a file with two contents, a file that would be another one's directory or lie
 * behind another volume, files of two managers that both want the whole directory.
 */
export const merge = (found: readonly Found[]): Merging => {
  const wishes = found.flatMap(({ annotation, manager, wants }) =>
    wants.map((want): Wish => ({ want, by: annotation, manager })),
  )
  const variables = groups(wishes, ['variable'], (want) => want.name)
  const files = groups(wishes, ['file'], (want) => want.path)
  const volumes = groups(wishes, ['secretVolume', 'fetch'], volumeKey)
  const annotations = groups(wishes, ['annotation'], (want) => want.key)
  const fetches = groups(wishes, ['fetch'], (want) => want.identity)

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
      // The files of a single request, which is all that most pods have, are not in each other's way.
      ...(found.length > 1
        ? [...filesBelowFiles(files), ...filesBehindVolumes(files, volumes), ...filesOfTwoManagers(files)]
        : []),
    ],
  }
}

/** Wishes of these kinds by what they are for, in the order in which each thing was first wished. */
const groups = <Kind extends Want['kind']>(
  wishes: readonly Wish[],
  kinds: readonly Kind[],
  keyOf: (want: WantOf<Kind>) => string,
): readonly Group<Kind>[] => {
  const isOfKind = (wish: Wish): wish is Wish<WantOf<Kind>> =>
    (kinds as readonly string[]).includes(wish.want.kind)
  const made = new Map<string, [Wish<WantOf<Kind>>, ...Wish<WantOf<Kind>>[]]>()
  for (const wish of wishes) {
    if (!isOfKind(wish)) continue
    const key = keyOf(wish.want)
    const group = made.get(key)
    if (group === undefined) made.set(key, [wish])
    else group.push(wish)
  }
  return [...made.values()]
}

/** The annotations behind some wishes, each once. */
const namesOf = ([first, ...rest]: NonEmpty<Wish>): NonEmpty<string> =>
  unique([first.by, ...rest.map(({ by }) => by)])

/** One volume for a Secret, whatever versions of it are asked for; one for all fetches of a manager. */
const volumeKey = (want: WantOf<'secretVolume' | 'fetch'>): string =>
  want.kind === 'secretVolume'
    ? JSON.stringify(['secret', want.secretName])
    : JSON.stringify(['memory', want.name])

const desiredVolume = (group: Group<'secretVolume' | 'fetch'>): DesiredVolume => {
  const { want } = group[0]
  const common = { name: want.name, mountPath: want.mountPath, by: namesOf(group) }
  if (want.kind === 'fetch') return { kind: 'memory', ...common }
  const items = groups(group, ['secretVolume'], ({ item }) => item.path)
  return {
    kind: 'secret',
    ...common,
    secretName: want.secretName,
    items: items.map((same) => ({ ...same[0].want.item, by: namesOf(same) })),
  }
}

/** The fetches of the first manager that has some; if another has some too, that is refused. */
const desiredFetches = ([first, ...others]: NonEmpty<Group<'fetch'>>): Merged['fetches'] => {
  const { manager } = first[0]
  const rest = others.filter((group) => group[0].manager === manager)
  return {
    manager,
    steps: [first[0].want.step, ...rest.map((group) => group[0].want.step)],
    by: unique([...namesOf(first), ...rest.flatMap(namesOf)]),
  }
}

const hasTwoSources = ([first, ...rest]: Group<'variable'>): boolean =>
  rest.some(({ want }) => !sameSources(want.sources, first.want.sources))

const sameSources = (a: NonEmpty<Source>, b: NonEmpty<Source>): boolean =>
  a.length === b.length && a.every((source, index) => sameSource(source, b[index]))

const sameSource = (a: Source, b: Source | undefined): boolean =>
  a.kind === 'literal'
    ? b?.kind === 'literal' && textOf(a.value) === textOf(b.value)
    : b?.kind === 'secretKeyRef' && a.name === b.name && a.key === b.key

const hasTwoIdentities = ([first, ...rest]: Group<'file'>): boolean =>
  rest.some(({ want }) => want.identity !== first.want.identity)

const twoContents = (what: string, group: NonEmpty<Wish>): Refusal => ({
  by: namesOf(group),
  what,
  why: 'it is asked for with different contents',
})

const filesBelowFiles = (files: readonly Group<'file'>[]): readonly Refusal[] => {
  const byPath = new Map(files.map((group) => [group[0].want.path, group]))
  const nearest = nearestAbove([...byPath.keys()], [...byPath.keys()])
  return files.flatMap((group) => {
    const { path } = group[0].want
    const directory = nearest.get(path)
    if (directory === undefined) return []
    const why = `its directory ${shown(directory)} is a file that is asked for too`
    return [{ by: namesOf([...(byPath.get(directory) ?? []), ...group]), what: `file ${shown(path)}`, why }]
  })
}

/** A mounted volume hides what another one holds at its mount path. */
const filesBehindVolumes = (
  files: readonly Group<'file'>[],
  volumes: readonly Group<'secretVolume' | 'fetch'>[],
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

/** Only one volume can be mounted at a path, so the files below it come from one manager. */
const filesOfTwoManagers = (files: readonly Group<'file'>[]): readonly Refusal[] => {
  const byRoot = Map.groupBy(files.flat(), ({ want }) => want.root)
  return [...byRoot].flatMap(([root, wishes]) => {
    const managers = [...new Set(wishes.map(({ manager }) => manager))]
    if (managers.length < 2 || !isNonEmpty(wishes)) return []
    const why = `each of these managers needs the directory ${root} for itself`
    return [{ by: namesOf(wishes), what: `the files of ${managers.join(' and ')}`, why }]
  })
}
