import { isObject } from '../json.ts'
import { isWhole, type Volume, type VolumeMount } from './pod.ts'

/** How a volume takes the mount point of another one. */
export type MountPoints = 'made-by-kubelet' | 'impossible' | 'possible'

/**
 * Says how mount points in a volume are made. Of Secrets, ConfigMaps, downward API and projected volumes the kubelet makes
 * them itself (kubelet, `MakeNestedMountpoints`). In others the container runtime does, unless the volume is read-only: an
 * image is so always, the rest by their `readOnly` (`core/v1`, `VolumeSource`).
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
 * Whether nothing can be mounted below a mount: the container would not start. What the kubelet makes mount points in is
 * always mounted read-only, so a part of it (`subPath`), in which it makes none, takes none.
 */
export const takesNoMountPoint = (mount: VolumeMount, mountPoints: MountPoints): boolean =>
  mountPoints === 'made-by-kubelet'
    ? !isWhole(mount)
    : mountPoints === 'impossible' || mount['readOnly'] === true
