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

/** What the webhook does to a pod and why. The values of secrets are hidden in all of it. */
export interface Preview {
  readonly before: unknown
  readonly after: unknown
  readonly patch: readonly unknown[]
  readonly warnings: readonly string[]
  /** Why the pod is not admitted, as the API server would be told. */
  readonly refused: Status | undefined
  /** Why the webhook looks at none of its requests, where it does not. */
  readonly apart: string | undefined
  readonly requests: readonly Explanation[]
}

/** Where and for whom a pod is previewed. */
export interface PreviewOptions {
  readonly config: Config
  /** The managers that it may name. */
  readonly definitions: readonly AnyDefinition[]
  readonly sources: SecretSources
  /** The cluster that asks. */
  readonly cluster: string
  readonly signal: AbortSignal
  /** Asks whether the secrets exist; without it nobody asks. */
  readonly check?: CheckExistence
}

/** Answers an AdmissionReview by the very code that the Lambda runs. One that cannot be read is wrong usage. */
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

/** What a check says of each request that is served; of those that the function read itself there is nothing to ask. */
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

/** Applied by a library that knows nothing of what made the patch. */
export const patched = (pod: JsonObject | undefined, patch: readonly unknown[]): unknown => {
  const copy = structuredClone(pod)
  const failures = applyPatch(copy, structuredClone(patch).filter(isOperation))
  for (const failure of failures) if (failure !== null) throw failure
  return copy
}

const isOperation = (operation: unknown): operation is Operation => isObject(operation) && 'op' in operation

const whyApart = (pod: JsonObject | undefined): string => {
  if (pod === undefined) return 'the review is not about a Pod that is created'
  if (!takesPart(pod)) return `the webhook is not called for a pod without the label ${partLabel}: "true"`
  return `the pod asks for no secret (annotations ${requestPrefix}…), or mirrors a static pod of a kubelet`
}
