import type { NonEmpty } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { SecretValue } from '../secret-value.ts'

/** Where the content of a variable comes from. */
export type Source =
  /** Plain text, or a value that nobody may see. */
  | { readonly kind: 'literal'; readonly value: string | SecretValue }
  | { readonly kind: 'secretKeyRef'; readonly name: string; readonly key: string }
  /** One variable of an env file that an init container writes; it needs Kubernetes 1.35 (specification §4.8). */
  | {
      readonly kind: 'fileKeyRef'
      readonly volumeName: string
      /** From the volume's root. */
      readonly path: string
      readonly key: string
      /** Which content arrives there: of two files with the same one, either may stand for the other. */
      readonly content: string
    }

/** What one init container does to fetch one secret, in the terms of a Kubernetes container. */
export interface FetchStep {
  readonly command?: NonEmpty<string>
  /** For a manager whose one init container does all steps: the words by which its script is told of this one. */
  readonly args?: NonEmpty<string>
  readonly env?: NonEmpty<Variable>
  readonly volumes?: NonEmpty<PrivateVolume>
}

/**
 * A variable of an init container: with its plain value, with one that nobody may see, or from a key of a Secret, without which
 * the container does not start.
 */
export type Variable = { readonly name: string } & (
  | { readonly value: string | SecretValue }
  | { readonly valueFrom: { readonly secretKeyRef: { readonly name: string; readonly key: string } } }
)

/** A volume that no containers mount but the init containers that name it; a memory volume may be named by several. */
export type PrivateVolume =
  | { readonly kind: 'memory'; readonly name: string }
  | {
      readonly kind: 'secret'
      readonly name: string
      readonly secretName: string
      readonly items: NonEmpty<{ readonly key: string; readonly path: string }>
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
  /**
   * A volume of any kind, mounted read-only into every container. The source is a Kubernetes `VolumeSource` as JSON:
   * `{ csi: { … } }`, `{ projected: { … } }`. The same name has the same source in every request.
   */
  | {
      readonly kind: 'volume'
      readonly name: string
      readonly mountPath: string
      readonly source: JsonObject
    }
  /** One secret fetched by an init container into the memory volume `name`; the same identity is fetched once. */
  | {
      readonly kind: 'fetch'
      readonly identity: string
      readonly name: string
      readonly mountPath: string
      readonly step: FetchStep
    }
  /** One secret that an init container writes into an env file, in a volume that only init containers mount. */
  | { readonly kind: 'envFile'; readonly identity: string; readonly step: FetchStep }
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
  readonly securityContext?: object
  readonly volumeMounts: NonEmpty<PullMount>
  /** What the pod needs for this container alone. */
  readonly privateVolumes?: NonEmpty<PrivateVolume>
}

export interface PullMount {
  readonly name: string
  readonly mountPath: string
  readonly readOnly?: true
}
