import { describe, expect, it } from 'vitest'
import { decodeReview } from '../../lib/admission/review.ts'
import { WebhookError } from '../../lib/errors.ts'

const json = 'application/json'
const pod = { metadata: { name: 'p' }, spec: { aFieldOfTheFuture: [1.0] } }
const request = {
  uid: '705ab4f5',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  operation: 'CREATE',
  namespace: 'flytesnacks-development',
  userInfo: { username: 'system:serviceaccount:flyte:flytepropeller' },
  object: pod,
}
const review = { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request }
const decode = (body: unknown) => decodeReview(json, JSON.stringify(body))

/** The failure that reading ends with. */
const failure = (read: () => unknown): WebhookError | undefined => {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof WebhookError) return error
    throw error
  }
}

describe('a review', () => {
  it('has uid, namespace, user and the pod as it came', () => {
    expect(decode(review)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      uid: '705ab4f5',
      namespace: 'flytesnacks-development',
      user: 'system:serviceaccount:flyte:flytepropeller',
      createdPod: pod,
      bodyBytes: expect.any(Number),
    })
  })

  it('may be of the version v1beta1', () => {
    expect(decode({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }).apiVersion).toBe(
      'admission.k8s.io/v1beta1',
    )
  })

  it('may come as bytes, and as text', () => {
    const text = JSON.stringify(review)
    const read = { ...decodeReview(json, text), bodyBytes: expect.any(Number) }
    expect(decodeReview(json, new TextEncoder().encode(text))).toEqual(read)
  })

  it.each(['application/json', 'APPLICATION/JSON', ' application/json ; charset=utf-8', 'application/json;'])(
    'may be called %j',
    (contentType) => {
      expect(decodeReview(contentType, JSON.stringify(review)).uid).toBe('705ab4f5')
    },
  )

  it.each([
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'application/json-patch+json',
    'x application/json',
  ])('may not be called %j', (contentType) => {
    expect(failure(() => decodeReview(contentType, JSON.stringify(review)))).toMatchObject({
      code: 'unsupported-media-type',
    })
  })

  it('has the namespace "" where it is of none', () => {
    const { namespace: _, ...clusterWide } = request
    expect(decode({ ...review, request: clusterWide }).namespace).toBe('')
  })

  it.each([
    { what: 'an update', change: { operation: 'UPDATE' } },
    { what: 'a deletion, which has no object', change: { operation: 'DELETE', object: null } },
    { what: 'another kind', change: { kind: { group: '', version: 'v1', kind: 'Service' } } },
    { what: 'another group', change: { kind: { group: 'metrics.k8s.io', version: 'v1', kind: 'Pod' } } },
    { what: 'another version', change: { kind: { group: '', version: 'v2', kind: 'Pod' } } },
    { what: 'a subresource', change: { subResource: 'eviction' } },
  ])('of $what creates no pod', ({ change }) => {
    expect(decode({ ...review, request: { ...request, ...change } }).createdPod).toBeUndefined()
  })

  it.each([
    { what: 'of the core group, which may be left out', change: { kind: { version: 'v1', kind: 'Pod' } } },
    { what: 'of no subresource', change: { subResource: '' } },
  ])('creates a pod $what', ({ change }) => {
    expect(decode({ ...review, request: { ...request, ...change } }).createdPod).toEqual(pod)
  })

  it.each([
    { body: [], says: 'kind must be AdmissionReview' },
    { body: null, says: 'kind must be AdmissionReview' },
    { body: { ...review, kind: 'Pod' }, says: 'kind must be AdmissionReview' },
    {
      body: { ...review, apiVersion: 'admission.k8s.io/v2' },
      says: 'apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1',
    },
    { body: { ...review, request: null }, says: 'request must be an object' },
    {
      body: { ...review, request: { ...request, uid: '' } },
      says: 'request.uid must be a string that is not empty',
    },
    {
      body: { ...review, request: { ...request, uid: 7 } },
      says: 'request.uid must be a string that is not empty',
    },
    {
      body: { ...review, request: { ...request, namespace: null } },
      says: 'request.namespace must be a string',
    },
    {
      body: { ...review, request: { ...request, operation: 1 } },
      says: 'request.operation must be a string',
    },
    { body: { ...review, request: { ...request, kind: 'Pod' } }, says: 'request.kind must be an object' },
    { body: { ...review, request: { ...request, object: null } }, says: 'request.object must be an object' },
  ])('is bad: $says', ({ body, says }) => {
    expect(failure(() => decode(body))).toMatchObject({
      code: 'bad-review',
      message: `the body is no AdmissionReview: ${says}`,
    })
  })

  it.each([
    { what: 'text that is no JSON', body: '{"secret": hunter2' },
    { what: 'nothing', body: '' },
    { what: 'bytes that are no UTF-8', body: Uint8Array.of(0x22, 0xff, 0x22) },
  ])('is not $what, of which nothing is repeated', ({ body }) => {
    const error = failure(() => decodeReview(json, body))
    expect(error).toMatchObject({ code: 'bad-review', message: 'the body is not JSON' })
    expect(error?.cause).toBeUndefined()
  })

  const mebibytes = 1024 * 1024
  it.each([
    { how: 'as text', grown: (bytes: number) => JSON.stringify(review).padEnd(bytes) },
    { how: 'as bytes', grown: (bytes: number) => Buffer.from(JSON.stringify(review).padEnd(bytes)) },
  ])('has at most 5 MiB $how', ({ grown }) => {
    expect(decodeReview(json, grown(5 * mebibytes)).uid).toBe('705ab4f5')
    const message = 'the body is larger than 5242880 bytes'
    expect(failure(() => decodeReview(json, grown(5 * mebibytes + 1)))).toMatchObject({
      code: 'too-large',
      message,
    })
  })

  it.each([100, 200_000])('is said to have its bytes or more, with %i letters beyond ASCII', (letters) => {
    const text = JSON.stringify({ ...review, note: 'é€'.repeat(letters / 2) })
    expect(decodeReview(json, text).bodyBytes).toBeGreaterThanOrEqual(Buffer.byteLength(text))
  })

  it('is measured in bytes, not in letters', () => {
    expect(failure(() => decodeReview(json, `"${'é'.repeat(2.5 * mebibytes)}"`))).toMatchObject({
      code: 'too-large',
    })
  })
})
