import { wrongUsage } from '../failure.ts'

/** `1.30`, and as servers and kubelets say it: `v1.30.4-eks-36bf41b`. */
const version = /^v?(?<major>\d+)\.(?<minor>\d+)(\D|$)/

/** Whether a version of Kubernetes is 1.`minor` or later; undefined where the text is none. */
const isSince = (text: string, minor: number): boolean | undefined => {
  const { major, minor: own } = version.exec(text)?.groups ?? {}
  return major === undefined || own === undefined ? undefined : Number(major) > 1 || Number(own) >= minor
}

/**
 * Whether a cluster of this version evaluates CEL at admission: `matchConditions` of webhooks and
 * ValidatingAdmissionPolicy are stable since Kubernetes 1.30 (KEP-3716, KEP-3488).
 */
export const evaluatesCel = (text: string): boolean => {
  const isEvaluated = isSince(text, 30)
  if (isEvaluated === undefined) throw wrongUsage(`${text} is not a version of Kubernetes: write it as 1.30`)
  return isEvaluated
}

/**
 * Whether a server or a kubelet of this version takes variables from files, unless its feature gate `EnvFiles` is off: the gate
 * is on by default since Kubernetes 1.35 (KEP-3721). One whose version cannot be read counts as older.
 */
export const takesFileKeys = (text: string): boolean => isSince(text, 35) ?? false
