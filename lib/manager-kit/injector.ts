/**
 * A webhook of another project that brings secrets into pods, by annotations. Its rules hold in every pod that it has
 * changed, whatever managers are configured (specification §4).
 */
export interface Injector {
  /** The annotation of a pod that it has changed. */
  readonly injected: { readonly key: string; readonly value: string }
  /** The annotation by which its init container stands before all others of the pod, where it is true. */
  readonly first: string
  /** The containers that it adds. They fetch the secrets and need none. */
  readonly containers: readonly string[]
  /** The names of the volumes in which its files arrive, and which it mounts itself. */
  readonly volumes: RegExp
}
