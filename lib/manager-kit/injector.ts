/**
 * A webhook of another project that brings secrets into pods by annotations. Its rules apply to every pod that it has
 * changed, for any configured managers (specification §4).
 */
export interface Injector {
  /** The annotation of a pod that it has changed. */
  readonly injected: { readonly key: string; readonly value: string }
  /** The annotation that puts its init container before all others of the pod, if its value is true. */
  readonly first: string
  /** The containers that it adds. They fetch the secrets and need none. */
  readonly containers: readonly string[]
  /** The names of the volumes of its files, which it mounts itself. */
  readonly volumes: RegExp
}
