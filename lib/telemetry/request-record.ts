import type { ErrorEntry } from './error-entry.ts'

/** How a call ended. */
export type CallOutcome =
  /** The pod was allowed with a patch, or without one because it needs none. */
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
 * All that is written about one call: nothing else of a request reaches the log. A token, a path, a value or a part of
 * the pod has no field here.
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
  /** Known once a token has proved it. */
  readonly cluster?: string
  readonly uid?: string
  readonly namespace?: string
  /** The kind of the pod's controller: `FlyteWorkflow`, `RayCluster`. */
  readonly ownerKind?: string
  /** How many secrets were asked for, and how many the pod gets. */
  readonly requested?: number
  readonly injected?: number
  /** How many each manager gave, in the order of the look-up: `K8s:2,AWS:1`. */
  readonly managers?: string
  readonly operations?: number
  /** How many values were served past their time to live, and the age of the oldest that was served. */
  readonly staleServed?: number
  readonly oldestSecretAgeMs?: number
  /** Why a pod was denied: annotations, groups and keys by name. */
  readonly reason?: string
  readonly config: string
  readonly error?: ErrorEntry
}
