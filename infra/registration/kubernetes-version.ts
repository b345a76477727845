import { wrongUsage } from '../failure.ts'

/** `1.30`, or the version that servers and kubelets report: `v1.30.4-eks-36bf41b`. */
const version = /^v?(?<major>\d+)\.(?<minor>\d+)(\D|$)/

/** Returns whether a Kubernetes version is 1.`minor` or later; undefined if the text is not a version. */
const isSince = (text: string, minor: number): boolean | undefined => {
  const { major, minor: own } = version.exec(text)?.groups ?? {}
  return major === undefined || own === undefined ? undefined : Number(major) > 1 || Number(own) >= minor
}

/**
 * Returns whether a cluster of this version evaluates CEL at admission: `matchConditions` of webhooks and
 * ValidatingAdmissionPolicy are stable since Kubernetes 1.30 (KEP-3716, KEP-3488).
 */
export const evaluatesCel = (text: string): boolean => {
  const isEvaluated = isSince(text, 30)
  if (isEvaluated === undefined) throw wrongUsage(`${text} is not a Kubernetes version: write it like 1.30`)
  return isEvaluated
}

/**
 * Returns whether a server or kubelet of this version takes variables from files, unless its feature gate `EnvFiles` is off. The
 * gate is on by default since Kubernetes 1.35 (KEP-3721). An unreadable version counts as older.
 */
export const takesFileKeys = (text: string): boolean => isSince(text, 35) ?? false
