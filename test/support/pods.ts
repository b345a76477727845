/** Kubernetes objects in tests are plain JSON. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any

/** Adds the defaults of a stored pod that this webhook could notice (Kubernetes, `SetDefaults_*`). */
export const withApiServerDefaults = (pod: Json): Json => {
  const copy = structuredClone(pod)
  const containers = [...(copy.spec.initContainers ?? []), ...copy.spec.containers]
  for (const container of containers) {
    container.terminationMessagePath ??= '/dev/termination-log'
    container.terminationMessagePolicy ??= 'File'
    container.imagePullPolicy ??= 'IfNotPresent'
    container.resources ??= {}
    for (const entry of container.env ?? []) {
      // `value` is omitempty: an empty value is not stored.
      if (entry.value === '') delete entry.value
      if (entry.valueFrom?.fileKeyRef !== undefined) entry.valueFrom.fileKeyRef.optional ??= false
    }
  }
  for (const volume of copy.spec.volumes ?? []) {
    if (volume.secret !== undefined) volume.secret.defaultMode ??= 420
  }
  copy.spec.dnsPolicy ??= 'ClusterFirst'
  copy.spec.securityContext ??= {}
  return copy
}
