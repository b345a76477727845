import type { ErrorEntry } from './error-entry.ts'

/** How a call ended. */
export type CallOutcome =
  /** The pod was allowed, with a patch or without one because it needs none. */
  | 'patched'
  | 'unchanged'
  | 'denied'
  /** `onFailure: admit` let the pod through without its secrets. */
  | 'unserved'
  | 'refused-caller'
  | 'bad-request'
  /** A store did not answer in time. */
  | 'unavailable'
  | 'failed'
  | 'health'

/**
 * Everything that is logged about one call; nothing else of a request reaches the log. Tokens, paths, values and parts of
 * the pod have no field here.
 */
export interface RequestRecord {
  readonly outcome: CallOutcome
  readonly status: number
  readonly durationMs: number
  /** Whether this was the first call that this instance of the function answered. */
  readonly coldStart: boolean
  /** API Gateway's id of the call, which its access log has too, and the id in Lambda's own lines. */
  readonly requestId?: string | undefined
  readonly lambdaRequestId?: string | undefined
  /** Set after a token has proved it. */
  readonly cluster?: string
  readonly uid?: string
  readonly namespace?: string
  /** The kind of the pod's controller: `FlyteWorkflow`, `RayCluster`. */
  readonly ownerKind?: string
  /** The number of requested secrets, and the number that the pod gets. */
  readonly requested?: number
  readonly injected?: number
  /** The number from each manager, in the order of the look-up: `K8s:2,AWS:1`. */
  readonly managers?: string
  readonly operations?: number
  /** The number of values served past their time to live, and the age of the oldest served value. */
  readonly staleServed?: number
  readonly oldestSecretAgeMs?: number
  /** Why a pod was denied: the names of annotations, groups and keys. */
  readonly reason?: string
  readonly config: string
  readonly error?: ErrorEntry
}
