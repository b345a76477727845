import { isObject, type JsonObject } from '../../lib/json.ts'
import { wrongUsage } from '../failure.ts'
import type { PodDocument } from './pod-document.ts'
import type { RequestFields } from './readable-request.ts'
import { asking, type Circumstances, sampleReview } from './sample-review.ts'

/** The user of Flyte's engine, as its chart names it. */
const usualUser = 'system:serviceaccount:flyte:flytepropeller'

/**
 * Returns the AdmissionReview to preview: the given one, or one around the pod, with the requests for secrets that the command
 * line adds. A review contains its namespace and user, so naming another one is wrong usage.
 */
export const questionOf = (
  { kind, object }: PodDocument,
  { namespace, user }: Partial<Circumstances>,
  secrets: readonly RequestFields[],
): JsonObject => {
  const ask = (pod: JsonObject): JsonObject => (secrets.length === 0 ? pod : asking(pod, secrets))
  if (kind === 'Pod')
    return sampleReview(ask(object), {
      namespace: namespace ?? namespaceOf(object) ?? 'default',
      user: user ?? usualUser,
    })
  if (namespace !== undefined || user !== undefined)
    throw wrongUsage('an AdmissionReview contains its namespace and user: leave out --namespace and --user')
  const { request } = object
  const pod = isObject(request) ? request['object'] : undefined
  if (!isObject(request) || !isObject(pod)) return object
  return { ...object, request: { ...request, object: ask(pod) } }
}

const namespaceOf = ({ metadata }: JsonObject): string | undefined =>
  isObject(metadata) && typeof metadata['namespace'] === 'string' ? metadata['namespace'] : undefined
