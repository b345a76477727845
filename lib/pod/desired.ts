import type { NonEmpty } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { FetchStep, PullContainer, Source } from '../manager-kit/wants.ts'

/** Every part of the desired pod carries the annotations that asked for it, for refusals to name them. */
interface Asked {
  readonly by: NonEmpty<string>
}

export interface DesiredVariable extends Asked {
  readonly name: string
  readonly sources: NonEmpty<Source>
}

export interface DesiredFile extends Asked {
  readonly path: string
  /** The mount path of the file's volume. */
  readonly root: string
}

export interface DesiredAnnotation extends Asked {
  readonly key: string
  readonly value: string
  readonly when: 'always' | 'other-init-containers'
}

export interface SecretItem extends Asked {
  readonly key: string
  readonly path: string
}

/** A volume of the pod, for any mount path. */
export type PodVolume = Asked & { readonly name: string } & (
    | { readonly kind: 'secret'; readonly secretName: string; readonly items: readonly SecretItem[] }
    | { readonly kind: 'memory' }
    | { readonly kind: 'other'; readonly source: JsonObject }
  )

/** A volume and the only path at which containers see it. */
export type DesiredVolume = PodVolume & { readonly mountPath: string }

/** What all requests of a pod together want, without contradictions. Lists are in the order of the requests. */
export interface Merged {
  readonly variables: readonly DesiredVariable[]
  readonly files: readonly DesiredFile[]
  readonly volumes: readonly DesiredVolume[]
  readonly annotations: readonly DesiredAnnotation[]
  /** What init containers have to fetch. One manager does it for the whole pod. */
  readonly fetches: (Asked & { readonly manager: string; readonly steps: NonEmpty<FetchStep> }) | undefined
}

/** The init containers for the fetches. */
export interface DesiredPulls extends Asked {
  readonly containers: NonEmpty<PullContainer>
}

/** `Merged`, with containers in place of fetches. */
export interface Desired extends Omit<Merged, 'fetches'> {
  readonly pulls: DesiredPulls | undefined
}
