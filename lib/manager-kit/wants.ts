import type { NonEmpty } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { SecretValue } from '../secret-value.ts'

/** The source of a variable's content. */
export type Source =
  /** Plain text, or a value that must stay secret. */
  | { readonly kind: 'literal'; readonly value: string | SecretValue }
  | { readonly kind: 'secretKeyRef'; readonly name: string; readonly key: string }
  /** The variable of an env file that an init container writes. It needs Kubernetes 1.35 (specification §4.8). */
  | {
      readonly kind: 'fileKeyRef'
      readonly volumeName: string
      /** Relative to the volume's root. */
      readonly path: string
      readonly key: string
      /** Identifies the content of the file: files with the same identity are interchangeable. */
      readonly content: string
    }

/** What one init container does to fetch one secret, in the terms of a Kubernetes container. */
export interface FetchStep {
  readonly command?: NonEmpty<string>
  /** For a manager with one init container for all steps: the words that pass this step to its script. */
  readonly args?: NonEmpty<string>
  readonly env?: NonEmpty<Variable>
  readonly volumes?: NonEmpty<PrivateVolume>
}

/**
 * A variable of an init container: with a plain value, with a secret value, or from a key of a Secret. Without that key
 * the container does not start.
 */
export type Variable = { readonly name: string } & (
  | { readonly value: string | SecretValue }
  | { readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } } }
)

/** A volume that only the init containers that name it mount. Several of them may name a memory volume. */
export type PrivateVolume =
  | { readonly kind: 'memory'; readonly name: string }
  | {
      readonly kind: 'secret'
      readonly name: string
      readonly secretName: string
      readonly items: NonEmpty<{ readonly key: string; readonly path: string }>
    }

/** What one request wants for the pod, stated without seeing a container. */
export type Want =
  /** A variable in every container. Several sources become entries with one name: the kubelet uses the last that exists. */
  | { readonly kind: 'variable'; readonly name: string; readonly sources: NonEmpty<Source> }
  /** A claim on a path in the volume that is mounted at `root`. `identity` identifies the content. */
  | { readonly kind: 'file'; readonly path: string; readonly root: string; readonly identity: string }
  /** One key of a Secret in the volume of that Secret. */
  | {
      readonly kind: 'secretVolume'
      readonly name: string
      readonly secretName: string
      readonly mountPath: string
      readonly item: { readonly key: string; readonly path: string }
    }
  /**
   * A volume of any kind, mounted read-only into every container. The source is a Kubernetes `VolumeSource` as JSON:
   * `{ csi: { … } }`, `{ projected: { … } }`. A name must have the same source in every request.
   */
  | {
      readonly kind: 'volume'
      readonly name: string
      readonly mountPath: string
      readonly source: JsonObject
    }
  /** One secret that an init container fetches into the memory volume `name`. The same identity is fetched once. */
  | {
      readonly kind: 'fetch'
      readonly identity: string
      readonly name: string
      readonly mountPath: string
      readonly step: FetchStep
    }
  /** One secret that an init container writes into an env file, in a volume that only init containers mount. */
  | { readonly kind: 'envFile'; readonly identity: string; readonly step: FetchStep }
  /** An annotation of the pod. The pod's own annotation overrides it. */
  | {
      readonly kind: 'annotation'
      readonly key: string
      readonly value: string
      readonly when: 'always' | 'other-init-containers'
    }

/** An init container of this webhook, as it is in the pod. Only the fields that are set here are compared with the pod's. */
export interface PullContainer {
  readonly name: string
  readonly image: string
  readonly command?: NonEmpty<string>
  readonly env?: NonEmpty<Variable>
  readonly resources: unknown
  readonly securityContext?: object
  readonly volumeMounts: NonEmpty<PullMount>
  /** What the pod needs only for this container. */
  readonly privateVolumes?: NonEmpty<PrivateVolume>
}

export interface PullMount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: true
}
