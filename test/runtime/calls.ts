import { token } from '../e2e/webhook-server.ts'
import { restEvent } from '../support/events.ts'
import type { Json } from '../support/pods.ts'
import { podAsking, reviewOf } from '../support/webhook.ts'

/** The path of the cluster `local`. All packaged functions of these tests accept its token. */
export const path = `/local/${token}/mutate--v1-pod`

/** Builds a REST API's event for a review. The API server waits 15 s for the answer. */
export const callWith = (body: string) => restEvent({ path, body })

/** The review of a pod that requests a Kubernetes Secret. The function calls no store. */
export const asksForSecret = reviewOf(podAsking({ group: 'db', key: 'password' }))

/** The maximum size of an event (AWS Lambda's quotas, "Invocation payload, synchronous"). */
export const maxEventBytes = 6 * 1024 * 1024

/** Builds a body that fills an event up to Lambda's limit by repeating `filler` in an annotation of its pod. */
export const largestBody = (filler: string): string => {
  const bodyOfLength = (length: number): string => {
    const pod = podAsking({ group: 'db', key: 'password' })
    const annotations = { ...pod.metadata.annotations, filler: filler.repeat(length) }
    return reviewOf({ ...pod, metadata: { ...pod.metadata, annotations } })
  }
  const bytesOf = (length: number): number => JSON.stringify(callWith(bodyOfLength(length))).length
  const perFiller = bytesOf(1) - bytesOf(0)
  return bodyOfLength(Math.floor((maxEventBytes - bytesOf(0)) / perFiller))
}

/** Builds the largest body that the function serves. Each quote is escaped twice in the event, so the body stays below 5 MiB. */
export const largestServedBody = (): string => largestBody('xxxxxxx"')

/** The value of both secrets in Secrets Manager: the global secret `warehouse/password`, and one that `Embedded` reads. */
export const secretValue = 'value-of-the-warehouse'
const embeddedId = 'u__org__org__domain__development__project__flytesnacks__key__openai'

/** The contents of a Secrets Manager that holds one value for both secrets. */
export const storeWith = (value: string) => ({
  warehouse: { string: JSON.stringify({ password: value }) },
  [embeddedId]: { string: value },
})

/** The environment variables with which the function reads Secrets Manager at an endpoint. */
export const readingAt = (endpoint: string) => ({
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
})

/** The review of a pod that requests the global secret. */
export const asksForGlobal = reviewOf(
  podAsking({ group: 'warehouse', key: 'password', mount_requirement: 1 }),
)

/** Sections of a configuration with the global secret, which expires after 5 s. */
export const withGlobal = {
  function: {
    globalSecrets: {
      secretsManager: [{ secretId: 'warehouse' }],
      allow: [{ groups: ['warehouse'], namespaces: ['*'] }],
      ttlMs: 5000,
    },
    callers: { publicEndpoint: 'accepted' },
  },
}

const embeddedPod = podAsking({ key: 'openai', mount_requirement: 1 })
const labels = { organization: 'org', project: 'flytesnacks', domain: 'development' }

/** The review of a pod that requests the secret that `Embedded` reads. */
export const asksForEmbedded = reviewOf({
  ...embeddedPod,
  metadata: { ...embeddedPod.metadata, labels: { ...embeddedPod.metadata.labels, ...labels } },
})

/** Sections of a configuration that reads this secret only when a pod requests it. */
export const withEmbedded = {
  webhook: { secretManagerTypes: ['K8s', 'Embedded'], embeddedSecretManagerConfig: { type: 'AWS' } },
  function: {
    profile: 'flyte1',
    embedded: { allow: [{ organizations: ['*'], projects: ['*'], domains: ['*'] }] },
    callers: { publicEndpoint: 'accepted' },
  },
}

/** Parses the AdmissionReview or `Status` in the function's result. */
export const bodyOf = (result: Json): Json => JSON.parse(result.body)

/** Returns the JSON Patch of a result as text. */
export const patchIn = (result: Json): string =>
  Buffer.from(bodyOf(result).response.patch ?? '', 'base64').toString()
