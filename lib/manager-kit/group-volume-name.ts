import { sha256 } from '../digest.ts'
import { encodeBase32 } from '../request/base32.ts'

/** apimachinery's `DNS1123LabelMaxLength`: a volume's name is a label. */
const maxVolumeName = 63

/** Flyte's name for the volume of a group, or a hash of it if a volume cannot have that name (specification §4.2). */
export const groupVolumeName = (group: string, groupVersion: string): string => {
  const text = `${group}_${groupVersion}`
  const name = encodeBase32(Buffer.from(text))
  return name.length <= maxVolumeName ? name : encodeBase32(sha256(text))
}
