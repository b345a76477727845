import { askersOf, isNonEmpty, type NonEmpty, type Refusal, shown, unique } from '../errors.ts'
import { cleanPath } from '../clean-path.ts'
import type { Injector } from '../manager-kit/injector.ts'
import { maxPartRefusals, type Part } from './change.ts'
import type { Desired, DesiredFile, DesiredVolume } from './desired.ts'
import { append, type Operation, remove } from './json-patch.ts'
import { SortedPaths } from './paths.ts'
import { type Container, isWhole, type Volume, type VolumeMount } from './pod.ts'
import { type MountPoints, mountPointsIn, takesNoMountPoint } from './read-only.ts'

/** The mounts of every container, prepared once. */
export interface DesiredMounts {
  readonly byPath: ReadonlyMap<string, DesiredMount>
  readonly files: ReadonlyMap<string, DesiredFile>
  readonly filePaths: SortedPaths
  /** The annotations that asked for the mount at each path, by this webhook or by an injector that comes after it. */
  readonly points: ReadonlyMap<string, ReadonlySet<string>>
  readonly pointPaths: SortedPaths
  /** The mount paths of the files' volumes. */
  readonly roots: ReadonlySet<string>
  /** The number of segments in the deepest of these paths. */
  readonly maxDepth: number
  /** How each of the pod's volumes accepts mount points, by its name. */
  readonly mountPoints: ReadonlyMap<string, MountPoints>
  readonly injectors: readonly Injector[]
}

interface DesiredMount {
  readonly volume: DesiredVolume
  readonly readOnly: VolumeMount
  readonly writable: VolumeMount
  /** Nothing can be mounted below it. */
  readonly isSealed: boolean
}

/** Prepares what all containers share. `own` are the pod's volumes. */
export const desiredMounts = (
  { volumes, files }: Pick<Desired, 'volumes' | 'files'>,
  own: readonly Volume[],
  injectors: readonly Injector[],
): DesiredMounts => {
  const points = pointsOf(volumes, files)
  return {
    byPath: new Map(
      volumes.map((volume) => {
        const writable = { name: volume.name, mountPath: volume.mountPath }
        const isSealed =
          volume.kind === 'other' && mountPointsIn({ name: volume.name, ...volume.source }) === 'impossible'
        return [volume.mountPath, { volume, writable, readOnly: { ...writable, readOnly: true }, isSealed }]
      }),
    ),
    files: new Map(files.map((file) => [file.path, file])),
    filePaths: new SortedPaths(files.map(({ path }) => path)),
    points,
    pointPaths: new SortedPaths(points.keys()),
    roots: new Set(files.map(({ root }) => root)),
    maxDepth: Math.max(0, ...[...points.keys()].map((path) => path.split('/').length - 1)),
    mountPoints: new Map(own.map((volume) => [volume.name, mountPointsIn(volume)])),
    injectors,
  }
}

const pointsOf = (volumes: readonly DesiredVolume[], files: readonly DesiredFile[]) => {
  const points = new Map<string, Set<string>>()
  const ask = (path: string, by: NonEmpty<string>): void => {
    const askers = points.get(path) ?? new Set()
    for (const name of by) askers.add(name)
    points.set(path, askers)
  }
  for (const { mountPath, by } of volumes) ask(mountPath, by)
  for (const { root, by } of files) ask(root, by)
  return points
}

/** A mount of the container itself, with its path in normal form. */
interface OwnMount {
  readonly path: string
  readonly mount: VolumeMount
  readonly index: number
}

/**
 * Mounts the volumes into one container. Keeps what is already mounted there, by path. Refuses another volume at
 * the path, or one that would hide a secret's file (`ValidateVolumeMounts`: a mount path must be unique,
 * also among the paths of `volumeDevices`). Makes a mount above another writable, because a container runtime cannot create a
 * mount point below a read-only mount (specification §4).
 */
export const reconcileMounts = (container: Container, desired: DesiredMounts): Part => {
  const own = (container.volumeMounts ?? []).map(
    (mount, index): OwnMount => ({ path: cleanPath(mount.mountPath), mount, index }),
  )
  const there = new Map(own.map((mount) => [mount.path, mount]))
  const devices = new Set(container.devicePaths.map(cleanPath))
  const above = pathsAbove([...there.keys(), ...desired.byPath.keys()], desired)
  const missing: VolumeMount[] = []
  const operations: Operation[] = []
  const refusals = clashesIn(container, own, desired)
  for (const [path, { volume, readOnly, writable, isSealed }] of desired.byPath) {
    const found = there.get(path)
    if (devices.has(path))
      refusals.push(clash(container, volume.by, `it has a volume device at ${shown(path)}`))
    else if (above.has(path) && isSealed) refusals.push(sealed(container, volume, desired))
    else if (found === undefined) missing.push(above.has(path) ? writable : readOnly)
    else if (above.has(path) && found.mount['readOnly'] === true) {
      operations.push(...madeWritable(`${container.pointer}/volumeMounts/${found.index}`, found.mount))
    }
  }
  operations.push(...append(`${container.pointer}/volumeMounts`, container.volumeMounts, missing))
  return { operations, refusals }
}

/** The desired mount paths that have another path below them. */
const pathsAbove = (paths: readonly string[], { byPath, maxDepth }: DesiredMounts): ReadonlySet<string> => {
  const above = new Set<string>()
  for (const path of paths)
    for (const directory of directoriesAbove(path, maxDepth)) if (byPath.has(directory)) above.add(directory)
  return above
}

/** The directories above a path, from the top, with at most this many segments. A hostile path has thousands. */
function* directoriesAbove(path: string, maxDepth: number): Generator<string> {
  let end = path.indexOf('/', 1)
  for (let depth = 1; end > 0 && depth <= maxDepth; depth++) {
    yield path.slice(0, end)
    end = path.indexOf('/', end + 1)
  }
}

const clashesIn = (container: Container, own: readonly OwnMount[], desired: DesiredMounts): Refusal[] => {
  const refusals: Refusal[] = []
  for (const mount of own) {
    const refusal = clashOf(container, mount, desired)
    if (refusal !== undefined) refusals.push(refusal)
    if (refusals.length === maxPartRefusals) break
  }
  return refusals
}

/**
 * Why a container's own mount keeps secrets from arriving: it has our path, covers a file, or lies above our mount
 * and is read-only.
 */
const clashOf = (
  container: Container,
  { path, mount }: OwnMount,
  desired: DesiredMounts,
): Refusal | undefined => {
  const volume = desired.byPath.get(path)?.volume
  const its = (how: string): string => `it mounts its own volume ${shown(mount.name)} ${how} ${shown(path)}`
  if (volume !== undefined)
    return isMountOf(volume, mount) ? undefined : clash(container, volume.by, its('at'))
  const hidden = hiddenFiles(path, mount, desired)
  if (isNonEmpty(hidden)) {
    const why = `${its('at')}, which would hide the file ${shown(hidden[0].path)}`
    return clash(container, askersOf(hidden), why)
  }
  if (!takesNoMountPoint(mount, desired.mountPoints.get(mount.name) ?? 'possible')) return undefined
  const [point, by] = pointsBelow(path, desired)
  if (point === undefined || !isNonEmpty(by)) return undefined
  return clash(
    container,
    by,
    `${its('read-only at')}, so nothing can be mounted below it at ${shown(point)}: mount it writable or elsewhere`,
  )
}

/**
 * The files that a mount covers. A mount above the files' volume hides nothing, because that volume is mounted over it. The
 * volume of an injector holds the files if it is at their root.
 */
const hiddenFiles = (
  path: string,
  mount: VolumeMount,
  { files, filePaths, roots, maxDepth, injectors }: DesiredMounts,
): readonly DesiredFile[] => {
  const isRoot = roots.has(path)
  if (isRoot && injectors.some(({ volumes }) => volumes.test(mount.name))) return []
  if (!isRoot && ![...directoriesAbove(path, maxDepth)].some((directory) => roots.has(directory))) return []
  return [...filePaths.at(path)]
    .flatMap((file) => files.get(file) ?? [])
    .filter(({ root }) => path === root || path.startsWith(`${root}/`))
}

/** The first mount path below a directory, and the annotations that asked for any of them. */
const pointsBelow = (
  path: string,
  { points, pointPaths }: DesiredMounts,
): readonly [point: string | undefined, by: readonly string[]] => {
  const below = [...pointPaths.at(path)].filter((point) => point !== path)
  return [below[0], [...new Set(below.flatMap((point) => [...(points.get(point) ?? [])]))]]
}

const isMountOf = (volume: DesiredVolume, mount: VolumeMount): boolean =>
  mount.name === volume.name && isWhole(mount)

/** A mount of the container, or a desired one, lies below a volume that accepts no mount points. */
const sealed = (
  container: Container,
  { name, mountPath, by }: DesiredVolume,
  desired: DesiredMounts,
): Refusal => {
  const [, others] = pointsBelow(mountPath, desired)
  return clash(
    container,
    unique([...by, ...others]),
    `nothing can be mounted below ${shown(mountPath)}: volume ${shown(name)} is read-only`,
  )
}

/** `validateMountRecursiveReadOnly`: `recursiveReadOnly` needs `readOnly`. */
const madeWritable = (path: string, mount: VolumeMount): readonly Operation[] => [
  ...('recursiveReadOnly' in mount ? [remove(`${path}/recursiveReadOnly`)] : []),
  remove(`${path}/readOnly`),
]

const clash = (container: Container, by: NonEmpty<string>, why: string): Refusal => ({
  by,
  what: `a mount in container ${shown(container.name)}`,
  why,
})
