import { WebhookError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { utf8 } from '../utf8.ts'

/** The versions of the admission API that this webhook speaks; the answer is in the version of the question. */
const apiVersions = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const

/** An admission request as far as this webhook reads it (Kubernetes, `k8s.io/api/admission/v1`). */
export interface AdmissionRequest {
  readonly apiVersion: (typeof apiVersions)[number]
  readonly uid: string
  readonly namespace: string
  /** Who creates the object. */
  readonly user: string
  /** The object as received if a v1 Pod is created, undefined for every other request. */
  readonly createdPod: JsonObject | undefined
  /** An upper bound of the object's size: the size of the body in bytes, or more for a small one. */
  readonly bodyBytes: number
}

/**
 * Lambda accepts 6 MB a call and API Gateway 10 MB; a pod needs less than this limit (specification §6). An API server can send
 * more: it accepts 3 MiB from a client (`MaxRequestBodyBytes`, k8s.io/apiserver `pkg/server/config.go`), as protobuf
 * too. It sends this as JSON, with managed fields, and with six bytes for each `<`, `>` and `&`.
 */
const maxBodyBytes = 5 * 1024 * 1024

/**
 * Reads the body of a call as an AdmissionReview. Fails with `unsupported-media-type`, `too-large` or `bad-review`,
 * whose messages repeat nothing of the body.
 */
export const decodeReview = (
  contentType: string | undefined,
  body: string | Uint8Array,
): AdmissionRequest => {
  if (!/^application\/json\s*(;|$)/i.test(contentType?.trim() ?? '')) {
    throw new WebhookError('unsupported-media-type', 'the content type must be application/json')
  }
  const bodyBytes = bytesOf(body)
  if (bodyBytes > maxBodyBytes)
    throw new WebhookError('too-large', `the body is larger than ${maxBodyBytes} bytes`)
  const review = parse(body)
  if (!isObject(review) || review['kind'] !== 'AdmissionReview') throw bad('kind', 'AdmissionReview')
  const apiVersion = apiVersions.find((version) => version === review['apiVersion'])
  if (apiVersion === undefined) throw bad('apiVersion', apiVersions.join(' or '))
  const request = review['request']
  if (!isObject(request)) throw bad('request', 'an object')
  const { uid, namespace = '' } = request
  if (typeof uid !== 'string' || uid === '') throw bad('request.uid', 'a non-empty string')
  if (typeof namespace !== 'string') throw bad('request.namespace', 'a string')
  return { apiVersion, uid, namespace, user: userOf(request), createdPod: createdPod(request), bodyBytes }
}

/** UTF-8 needs at most three bytes for a character of a JavaScript string, so a short text needs no counting. */
const bytesOf = (body: string | Uint8Array): number => {
  if (typeof body !== 'string') return body.length
  return body.length < shortCharacters ? body.length * 3 : Buffer.byteLength(body)
}
const shortCharacters = 64 * 1024

/**
 * `managedFields` names who set each field of the pod: up to half of the body, and this webhook does not read it. The key cannot occur
 * inside a string of JSON, because its quotes would be escaped.
 */
const managedFields = ',"managedFields":['
/** The content of a list without inner lists. The pattern is tried at one place only, so no text makes it slow. */
const insideOfList = /[^"[\]]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"[\]]*)*(?=\])/y

/** The review with its first list of `managedFields` empty (specification §5). */
const withoutManagedFields = (json: string): string => {
  const start = json.indexOf(managedFields) + managedFields.length
  if (start < managedFields.length) return json
  insideOfList.lastIndex = start
  try {
    return insideOfList.test(json) ? json.slice(0, start) + json.slice(insideOfList.lastIndex) : json
  } catch {
    // A RangeError: the list is longer than V8's stack. JSON.parse has no such limit.
    return json
  }
}

const parse = (body: string | Uint8Array): unknown => {
  try {
    return JSON.parse(withoutManagedFields(typeof body === 'string' ? body : utf8.decode(body)))
  } catch {
    // The parser's own message quotes the body.
    throw new WebhookError('bad-review', 'the body is not JSON')
  }
}

const userOf = ({ userInfo }: JsonObject): string =>
  isObject(userInfo) && typeof userInfo['username'] === 'string' ? userInfo['username'] : ''

const createdPod = (request: JsonObject): JsonObject | undefined => {
  const { operation, kind, subResource = '', object } = request
  if (typeof operation !== 'string') throw bad('request.operation', 'a string')
  if (!isObject(kind)) throw bad('request.kind', 'an object')
  const isPod = (kind['group'] ?? '') === '' && kind['version'] === 'v1' && kind['kind'] === 'Pod'
  if (operation !== 'CREATE' || !isPod || subResource !== '') return undefined
  if (!isObject(object)) throw bad('request.object', 'an object')
  return object
}

const bad = (field: string, expected: string): WebhookError =>
  new WebhookError('bad-review', `the body is not an AdmissionReview: ${field} must be ${expected}`)
