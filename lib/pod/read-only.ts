import { isObject } from '../json.ts'
import { isWhole, type Volume, type VolumeMount } from './pod.ts'

/** How a volume accepts the mount point of another one. */
export type MountPoints = 'made-by-kubelet' | 'impossible' | 'possible'

/**
 * Determines how mount points in a volume are created. In Secrets, ConfigMaps, downward API and projected volumes the kubelet
 * creates them itself (kubelet, `MakeNestedMountpoints`). In others the container runtime does, unless the volume is read-only: an
 * image always is, the rest by their `readOnly` (`core/v1`, `VolumeSource`).
 */
export const mountPointsIn = (volume: Volume): MountPoints => {
  if (kubeletsOwn.some((source) => isObject(volume[source]))) return 'made-by-kubelet'
  const isReadOnly =
    isObject(volume['image']) ||
    Object.values(volume).some((source) => isObject(source) && source['readOnly'] === true)
  return isReadOnly ? 'impossible' : 'possible'
}

const kubeletsOwn = ['secret', 'configMap', 'downwardAPI', 'projected'] as const

/**
 * Whether nothing can be mounted below a mount, because the container would not start. Volumes in which the kubelet creates mount points
 * are always mounted read-only. The kubelet creates none in a part of such a volume (`subPath`), so that part accepts none.
 */
export const takesNoMountPoint = (mount: VolumeMount, mountPoints: MountPoints): boolean =>
  mountPoints === 'made-by-kubelet'
    ? !isWhole(mount)
    : mountPoints === 'impossible' || mount['readOnly'] === true
