import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { applyPatch, type Operation } from 'rfc6902'
import { decodeReview } from '../../lib/admission/review.ts'
import { type Status, statusOf } from '../../lib/admission/status.ts'
import type { Config } from '../../lib/config/config.ts'
import { decide, type Decided } from '../../lib/decision.ts'
import { WebhookError } from '../../lib/errors.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import type { Traced } from '../../lib/managers/lookup.ts'
import { partLabel, takesPart } from '../../lib/pod/pod.ts'
import { requestPrefix } from '../../lib/request/annotations.ts'
import { createManagers, type SecretSources } from '../../lib/secret-managers.ts'
import { createPolicy } from '../../lib/webhook.ts'
import type { CheckExistence, Existence } from '../existence/existence.ts'
import { wrongUsage } from '../failure.ts'
import { explain, type Explanation, isRead } from './explanation.ts'
import { createMask } from './mask.ts'

/** What the webhook does to a pod, and why, with all values of secrets hidden. */
export interface Preview {
  readonly before: unknown
  readonly after: unknown
  readonly patch: readonly unknown[]
  readonly warnings: readonly string[]
  /** Why the pod is refused, as the API server receives it. */
  readonly refused: Status | undefined
  /** Why the webhook ignores all of the pod's requests, if it does. */
  readonly apart: string | undefined
  readonly requests: readonly Explanation[]
}

/** The circumstances in which a pod is previewed. */
export interface PreviewOptions {
  readonly config: Config
  /** The managers that the configuration can name. */
  readonly definitions: readonly AnyDefinition[]
  readonly sources: SecretSources
  /** The cluster that calls. */
  readonly cluster: string
  readonly signal: AbortSignal
  /** Checks that the secrets exist. Omit it to check nothing. */
  readonly check?: CheckExistence
}

/** Answers an AdmissionReview with the code that runs on Lambda. An unreadable review is wrong usage. */
export const preview = async (review: JsonObject, options: PreviewOptions): Promise<Preview> => {
  const { config, definitions, sources, cluster, signal } = options
  try {
    const request = decodeReview('application/json', JSON.stringify(review))
    const policy = createPolicy(config, createManagers(config, definitions, sources).managers)
    const decided = await decide({ request, cluster }, policy, signal)
    const pod = request.createdPod
    const mask = createMask(pod, decided.traced, config.webhook.secretEnvVarPrefix)
    const { patch, warnings, refused } = answerOf(decided)
    const answering = { config, definitions, cluster }
    const checked = await checkedBy(decided.traced, request.namespace, options)
    return {
      before: mask(pod),
      after: mask(patched(pod, patch)),
      patch: patch.map(mask),
      warnings,
      refused,
      apart: decided.traced.length + decided.broken.length > 0 ? undefined : whyApart(pod),
      requests: explain(decided.broken, decided.traced, answering, checked),
    }
  } catch (error) {
    if (!(error instanceof WebhookError && error.code === 'bad-review')) throw error
    throw wrongUsage(error.message, { cause: error })
  }
}

/** Checks each served request. Skips those whose secret the function itself has read. */
const checkedBy = async (
  traced: readonly Traced[],
  namespace: string,
  { check, ...loaded }: PreviewOptions,
): Promise<ReadonlyMap<Traced, Existence>> => {
  const checked = new Map<Traced, Existence>()
  if (check === undefined) return checked
  await Promise.all(
    traced.map(async (one) => {
      const { manager, said } = one.asked.at(-1) ?? {}
      if (manager === undefined || said?.kind !== 'found' || isRead(manager, loaded)) return
      checked.set(one, await check({ manager, request: one.request, wants: said.wants }, namespace))
    }),
  )
  return checked
}

const answerOf = (decided: Decided): Pick<Preview, 'patch' | 'warnings' | 'refused'> => {
  if (decided.kind === 'unavailable') return { patch: [], warnings: [], refused: statusOf(decided.error) }
  const { decision } = decided
  return decision.kind === 'denied'
    ? { patch: [], warnings: [], refused: decision.status }
    : { patch: operationsIn(decision.patch), warnings: decision.warnings, refused: undefined }
}

const operationsIn = (patch = '[]'): readonly unknown[] => {
  const operations: unknown = JSON.parse(patch)
  return Array.isArray(operations) ? operations : []
}

/** Applies a patch with a library that shares no code with its author. */
export const patched = (pod: JsonObject | undefined, patch: readonly unknown[]): unknown => {
  const copy = structuredClone(pod)
  const failures = applyPatch(copy, structuredClone(patch).filter(isOperation))
  for (const failure of failures) if (failure !== null) throw failure
  return copy
}

const isOperation = (operation: unknown): operation is Operation => isObject(operation) && 'op' in operation

const whyApart = (pod: JsonObject | undefined): string => {
  if (pod === undefined) return 'the review is not the creation of a Pod'
  if (!takesPart(pod)) return `the webhook is not called for a pod without the label ${partLabel}: "true"`
  return `the pod asks for no secret (annotations ${requestPrefix}…), or mirrors a static pod of a kubelet`
}
