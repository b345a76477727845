import type { Refusal } from '../errors.ts'
import type { Part } from './change.ts'
import type { DesiredFile, DesiredVolume } from './desired.ts'
import { append, type Operation, remove } from './json-patch.ts'
import { cleanPath } from './paths.ts'
import type { Container, VolumeMount } from './pod.ts'

/** What is mounted into every container, prepared once. */
export interface DesiredMounts {
  readonly byPath: ReadonlyMap<string, DesiredMount>
  readonly files: readonly DesiredFile[]
  /** The longest mount path, in characters: no desired mount lies above a directory that is deeper. */
  readonly longestPath: number
}

interface DesiredMount {
  readonly volume: DesiredVolume
  readonly readOnly: VolumeMount
  readonly writable: VolumeMount
}

/** Prepares what all containers have in common. */
export const desiredMounts = (
  volumes: readonly DesiredVolume[],
  files: readonly DesiredFile[],
): DesiredMounts => ({
  byPath: new Map(
    volumes.map((volume) => {
      const writable = { name: volume.name, mountPath: volume.mountPath }
      return [volume.mountPath, { volume, writable, readOnly: { ...writable, readOnly: true } }]
    }),
  ),
  files,
  longestPath: Math.max(0, ...volumes.map(({ mountPath }) => mountPath.length)),
})

/** A mount of the container's own, at the path as a container runtime takes it. */
interface OwnMount {
  readonly path: string
  readonly mount: VolumeMount
  readonly index: number
}

/**
 * Mounts the volumes into one container. What is mounted there already, by path, is left as it is; another volume at
 * the path, or one that would hide a secret's file, is refused (`ValidateVolumeMounts`: a mount path must be unique,
 * also among the paths of `volumeDevices`). A mount above another is made writable: a container runtime cannot make a
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
  const refusals = own.flatMap((mount) => clashes(container, mount, desired))
  for (const [path, { volume, readOnly, writable }] of desired.byPath) {
    const found = there.get(path)
    if (devices.has(path)) refusals.push(clash(container, volume, `it has a volume device at ${path}`))
    else if (found === undefined) missing.push(above.has(path) ? writable : readOnly)
    else if (above.has(path) && found.mount['readOnly'] === true) {
      operations.push(...madeWritable(`${container.pointer}/volumeMounts/${found.index}`, found.mount))
    }
  }
  operations.push(...append(`${container.pointer}/volumeMounts`, container.volumeMounts, missing))
  return { operations, refusals }
}

/** The desired mount paths that have some path below them. */
const pathsAbove = (
  paths: readonly string[],
  { byPath, longestPath }: DesiredMounts,
): ReadonlySet<string> => {
  const above = new Set<string>()
  for (const path of paths) {
    for (let end = path.indexOf('/', 1); end > 0 && end <= longestPath; end = path.indexOf('/', end + 1)) {
      const directory = path.slice(0, end)
      if (byPath.has(directory)) above.add(directory)
    }
  }
  return above
}

/** Why a container's own mount keeps a secret from arriving: it stands where ours should, or lies over a file. */
const clashes = (
  container: Container,
  { path, mount }: OwnMount,
  { byPath, files }: DesiredMounts,
): readonly Refusal[] => {
  const volume = byPath.get(path)?.volume
  const own = `it mounts its own volume ${mount.name} at ${path}`
  if (volume !== undefined) return isMountOf(volume, mount) ? [] : [clash(container, volume, own)]
  const hidden = files.find((file) => hides(path, mount, file))
  return hidden === undefined
    ? []
    : [clash(container, hidden, `${own}, which would hide the file ${hidden.path}`)]
}

/** Vault's Agent Injector mounts its volume itself (vault-k8s, `agent/container_volume.go`). */
const injectedVolume = 'vault-secrets'

/** A mount further up than the volume of the file hides nothing: that volume comes on top of it. */
const hides = (path: string, mount: VolumeMount, file: DesiredFile): boolean =>
  path === file.root
    ? mount.name !== injectedVolume
    : path.startsWith(`${file.root}/`) && (path === file.path || file.path.startsWith(`${path}/`))

const isMountOf = (volume: DesiredVolume, mount: VolumeMount): boolean =>
  mount.name === volume.name && isWhole(mount)

/** Whether a mount shows all of its volume. */
export const isWhole = (mount: VolumeMount): boolean =>
  (mount['subPath'] ?? '') === '' && (mount['subPathExpr'] ?? '') === ''

/** `validateMountRecursiveReadOnly`: `recursiveReadOnly` needs `readOnly`. */
const madeWritable = (path: string, mount: VolumeMount): readonly Operation[] => [
  ...('recursiveReadOnly' in mount ? [remove(`${path}/recursiveReadOnly`)] : []),
  remove(`${path}/readOnly`),
]

const clash = (container: Container, { by }: Pick<Refusal, 'by'>, why: string): Refusal => ({
  by,
  what: `a mount in container ${container.name}`,
  why,
})
