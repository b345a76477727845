import { encodeResponse } from '../../lib/admission/response.ts'
import { decodeReview } from '../../lib/admission/review.ts'
import { decide } from '../../lib/decision.ts'
import type { SecretManager } from '../../lib/manager-kit/manager.ts'
import { injectors } from '../../lib/managers/injectors.ts'
import type { Placing } from '../../lib/pod/variables.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { annotationOf } from '../support/annotation.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { reviewOf } from '../support/webhook.ts'

/** Returns the AdmissionReview with which these managers answer a pod, without a configuration. */
export const reviewedBy = async (
  managers: readonly SecretManager[],
  pod: Json,
  placing: Placing = 'prepend-and-replace',
): Promise<Json> => {
  const review = decodeReview('application/json', reviewOf(pod))
  const policy = {
    managers,
    injectors,
    placing,
    onFailure: 'deny',
    envFiles: true,
    configDigest: 'digest',
  } as const
  const decided = await decide({ request: review, cluster: 'local' }, policy, new AbortController().signal)
  if (decided.kind === 'unavailable') throw decided.error
  return JSON.parse(encodeResponse(review, decided.decision))
}

/** The labels of Flyte 2's pods. */
export const flyteLabels = { organization: 'flyte', domain: 'development', project: 'flytesnacks' }

/** Returns a pod that asks for secrets. */
export const podAsking = (...asked: readonly Partial<SecretRequest>[]): Json => {
  const annotations = asked.map(({ group, groupVersion, key, mountRequirement, envVar }, index) => [
    `flyte.secrets/s${index}`,
    annotationOf({
      group: group ?? '',
      group_version: groupVersion ?? '',
      key: key ?? '',
      mount_requirement: mountRequirement ?? 'ANY',
      env_var: envVar ?? '',
    }),
  ])
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'asking',
      namespace: 'flytesnacks-development',
      labels: { 'inject-flyte-secrets': 'true', ...flyteLabels },
      annotations: Object.fromEntries(annotations),
    },
    spec: { containers: [{ name: 'main', image: 'main:v1' }] },
  }
}

/**
 * Returns a pod with the secrets that it asks for. Proves that a second run changes nothing, also after the API server's
 * defaults.
 */
export const podServedBy = async (manager: SecretManager, pod: Json): Promise<Json> => {
  const review = await reviewedBy([manager], pod)
  if (!review.response.allowed) throw new Error(review.response.status.message)
  const after = patched(pod, review)
  for (const again of [after, withApiServerDefaults(after)]) {
    const operations = operationsOf(await reviewedBy([manager], again))
    if (operations.length > 0) throw new Error(`a second run changes it: ${JSON.stringify(operations)}`)
  }
  return after
}
