import { wrongUsage } from '../failure.ts'

/** `1.30`, and as servers say it: `v1.30.4-eks-36bf41b`. */
const version = /^v?(?<major>\d+)\.(?<minor>\d+)(\D|$)/

/**
 * Whether a cluster of this version evaluates CEL at admission: `matchConditions` of webhooks and
 * ValidatingAdmissionPolicy are stable since Kubernetes 1.30 (KEP-3716, KEP-3488).
 */
export const evaluatesCel = (text: string): boolean => {
  const { major, minor } = version.exec(text)?.groups ?? {}
  if (major === undefined || minor === undefined) {
    throw wrongUsage(`${text} is no version of Kubernetes: it is written 1.30`)
  }
  return Number(major) > 1 || Number(minor) >= 30
}
