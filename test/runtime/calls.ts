import { token } from '../e2e/webhook-server.ts'
import { restEvent } from '../support/events.ts'
import type { Json } from '../support/pods.ts'
import { podAsking, reviewOf } from '../support/webhook.ts'

/** Of the cluster `local`, whose token all packaged functions of these tests know. */
export const path = `/local/${token}/mutate--v1-pod`

/** A REST API's event of a review; the API server waits 15 s for the answer. */
export const callWith = (body: string) => restEvent({ path, body })

/** The review of a pod that asks for a Kubernetes Secret: no store is asked. */
export const asksForSecret = reviewOf(podAsking({ group: 'db', key: 'password' }))

/** Bytes of an event at most (AWS Lambda's quotas, "Invocation payload, synchronous"). */
export const maxEventBytes = 6 * 1024 * 1024

/** A body that makes an event of exactly the bytes that Lambda takes; `filler` is what one annotation of its pod repeats. */
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

/** The largest body that is served: each quote of its text is escaped twice on its way into the event, so it stays below 5 MiB. */
export const largestServedBody = (): string => largestBody('xxxxxxx"')

/** A secret of Secrets Manager: the global secret `warehouse/password`, and one that `Embedded` reads. */
export const secretValue = 'value-of-the-warehouse'
const embeddedId = 'u__org__org__domain__development__project__flytesnacks__key__openai'

/** What a Secrets Manager holds, with a value for both. */
export const storeWith = (value: string) => ({
  warehouse: { string: JSON.stringify({ password: value }) },
  [embeddedId]: { string: value },
})

/** What the function's environment needs to read it at an endpoint. */
export const readingAt = (endpoint: string) => ({
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
})

/** The review of a pod that asks for the global secret. */
export const asksForGlobal = reviewOf(
  podAsking({ group: 'warehouse', key: 'password', mount_requirement: 1 }),
)

/** Sections of a configuration with the global secret, which is old after 5 s. */
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

/** The review of a pod that asks for the secret that `Embedded` reads. */
export const asksForEmbedded = reviewOf({
  ...embeddedPod,
  metadata: { ...embeddedPod.metadata, labels: { ...embeddedPod.metadata.labels, ...labels } },
})

/** Sections of a configuration that reads it when a pod asks for it, and not before. */
export const withEmbedded = {
  webhook: { secretManagerTypes: ['K8s', 'Embedded'], embeddedSecretManagerConfig: { type: 'AWS' } },
  function: {
    profile: 'flyte1',
    embedded: { allow: [{ organizations: ['*'], projects: ['*'], domains: ['*'] }] },
    callers: { publicEndpoint: 'accepted' },
  },
}

/** The AdmissionReview or `Status` in a result of the function. */
export const bodyOf = (result: Json): Json => JSON.parse(result.body)

/** The JSON Patch of a result, as text. */
export const patchIn = (result: Json): string =>
  Buffer.from(bodyOf(result).response.patch ?? '', 'base64').toString()
