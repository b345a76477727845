import { stringify } from 'yaml'
import type { Config } from '../../lib/config/config.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { createMask } from './mask.ts'
import { patched } from './preview.ts'

/** A review as the function received it, and its answer as JSON. */
interface Answered {
  readonly question: Uint8Array
  readonly answer: string
}

/**
 * Formats an answer for a person, as a YAML document: whether the pod is allowed, the patch, and the patched pod, with the values
 * of secrets hidden. An answer without an AdmissionReview is shown unchanged.
 */
export const decodedAnswer = ({ question, answer }: Answered, { webhook }: Config): string => {
  const { response, ...other } = objectIn(answer)
  if (!isObject(response)) return yamlOf(other)
  const { patch, patchType: _, ...said } = response
  if (typeof patch !== 'string') return yamlOf(said)
  const pod = podIn(objectIn(new TextDecoder().decode(question)))
  const mask = createMask(pod, [], webhook.secretEnvVarPrefix)
  const operations = operationsIn(patch)
  const after = withoutManagedFields(patched(pod, operations))
  return yamlOf({ ...said, patch: operations.map(mask), pod: mask(after) })
}

/** `managedFields` list who set which field and are longer than the pod. kubectl hides them too. */
const withoutManagedFields = (pod: unknown): unknown => {
  if (!isObject(pod) || !isObject(pod['metadata'])) return pod
  const { managedFields: _, ...metadata } = pod['metadata']
  return { ...pod, metadata }
}

/** Decodes the `patch` of an answer: a JSON Patch in base64. */
const operationsIn = (patch: string): readonly unknown[] => {
  const operations: unknown = JSON.parse(Buffer.from(patch, 'base64').toString())
  return Array.isArray(operations) ? operations : []
}

const objectIn = (json: string): JsonObject => {
  const value: unknown = JSON.parse(json)
  return isObject(value) ? value : {}
}

const yamlOf = (document: JsonObject): string =>
  `---\n${stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()}`

const podIn = (review: JsonObject): JsonObject | undefined => {
  const { request } = review
  const pod = isObject(request) ? request['object'] : undefined
  return isObject(pod) ? pod : undefined
}
