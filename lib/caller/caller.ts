/** Who calls: the cluster that the path names. */
export interface Caller {
  readonly cluster: string
}

/** `/<cluster>/<token>/mutate--v1-pod`, below a stage or not (specification §7). */
const callerPath = /^(?:\/[^/]+)?\/(?<cluster>[^/]+)\/[A-Za-z0-9_-]+\/mutate--v1-pod$/

/** Identifies a caller by the path it calls. Every token is accepted: the function answers on the developer's machine only. */
export const identifyCaller = (path: string): Caller | undefined => {
  const cluster = callerPath.exec(path)?.groups?.['cluster']
  return cluster === undefined ? undefined : { cluster }
}
