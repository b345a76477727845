import type { NonEmpty } from '../errors.ts'
import type { SecretValue } from '../secret-value.ts'

/** Where the content of a variable comes from. */
export type Source =
  | { readonly kind: 'literal'; readonly value: SecretValue }
  | { readonly kind: 'secretKeyRef'; readonly name: string; readonly key: string }

/** What one init container does to fetch one secret, in the terms of a Kubernetes container. */
export interface FetchStep {
  readonly command?: NonEmpty<string>
  readonly env?: NonEmpty<Variable>
}

/** A variable with its plain value. */
export interface Variable {
  readonly name: string
  readonly value: string
}

/** What one request wishes for the pod, said without seeing a container. */
export type Want =
  /** A variable in every container. Several sources become entries of one name: the kubelet takes the last that is there. */
  | { readonly kind: 'variable'; readonly name: string; readonly sources: NonEmpty<Source> }
  /** A claim on a path in the volume that is mounted at `root`. `identity` says which content arrives there. */
  | { readonly kind: 'file'; readonly path: string; readonly root: string; readonly identity: string }
  /** One key of a Secret in the volume of that Secret. */
  | {
      readonly kind: 'secretVolume'
      readonly name: string
      readonly secretName: string
      readonly mountPath: string
      readonly item: { readonly key: string; readonly path: string }
    }
  /** One secret fetched by an init container into the memory volume `name`; the same identity is fetched once. */
  | {
      readonly kind: 'fetch'
      readonly identity: string
      readonly name: string
      readonly mountPath: string
      readonly step: FetchStep
    }
  /** An annotation of the pod, which the pod's own overrides. */
  | {
      readonly kind: 'annotation'
      readonly key: string
      readonly value: string
      readonly when: 'always' | 'other-init-containers'
    }

/** An init container of this webhook, as it stands in the pod. Only what is set here is compared with what is there. */
export interface PullContainer {
  readonly name: string
  readonly image: string
  readonly command?: NonEmpty<string>
  readonly env?: NonEmpty<Variable>
  readonly resources: unknown
  readonly volumeMounts: NonEmpty<{ readonly name: string; readonly mountPath: string }>
}
