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

/** Returns the failure of a read. */
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
  it('has uid, namespace, user and the unchanged pod', () => {
    expect(decode(review)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      uid: '705ab4f5',
      namespace: 'flytesnacks-development',
      user: 'system:serviceaccount:flyte:flytepropeller',
      createdPod: pod,
      bodyBytes: expect.any(Number),
    })
  })

  it('can have the version v1beta1', () => {
    expect(decode({ ...review, apiVersion: 'admission.k8s.io/v1beta1' }).apiVersion).toBe(
      'admission.k8s.io/v1beta1',
    )
  })

  it('can come as bytes or as text', () => {
    const text = JSON.stringify(review)
    const read = { ...decodeReview(json, text), bodyBytes: expect.any(Number) }
    expect(decodeReview(json, new TextEncoder().encode(text))).toEqual(read)
  })

  it.each(['application/json', 'APPLICATION/JSON', ' application/json ; charset=utf-8', 'application/json;'])(
    'can have the media type %j',
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
  ])('cannot have the media type %j', (contentType) => {
    expect(failure(() => decodeReview(contentType, JSON.stringify(review)))).toMatchObject({
      code: 'unsupported-media-type',
    })
  })

  it('has the namespace "" without a namespace', () => {
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
    { what: 'of the core group, which can be left out', change: { kind: { version: 'v1', kind: 'Pod' } } },
    { what: 'without a subresource', change: { subResource: '' } },
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
      says: 'request.uid must be a non-empty string',
    },
    {
      body: { ...review, request: { ...request, uid: 7 } },
      says: 'request.uid must be a non-empty string',
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
      message: `the body is not an AdmissionReview: ${says}`,
    })
  })

  it.each([
    { what: 'text other than JSON', body: '{"secret": hunter2' },
    { what: 'an empty body', body: '' },
    { what: 'bytes other than UTF-8', body: Uint8Array.of(0x22, 0xff, 0x22) },
  ])('is invalid as $what, and the error repeats nothing of it', ({ body }) => {
    const error = failure(() => decodeReview(json, body))
    expect(error).toMatchObject({ code: 'bad-review', message: 'the body is not JSON' })
    expect(error?.cause).toBeUndefined()
  })

  describe('with managedFields', () => {
    const entry = {
      manager: 'propeller',
      operation: 'Update',
      time: '2026-11-29T00:00:00Z',
      fieldsV1: { 'f:metadata': { 'f:annotations': { '.': {}, 'k:{"name":"]\\\\\\""}': {} } } },
    }
    /** Returns the review as text, with these managedFields. */
    const withText = (managedFields: string, metadata: object = { name: 'p' }): string =>
      JSON.stringify({
        ...review,
        request: { ...request, object: { ...pod, metadata: { ...metadata, managedFields: 'HERE' } } },
      }).replace('"HERE"', () => managedFields)
    const metadataIn = (text: string) => decodeReview(json, text).createdPod?.['metadata']

    it.each([
      { what: 'no entries', list: '[]' },
      { what: 'one', list: JSON.stringify([entry]) },
      { what: 'several', list: JSON.stringify([entry, entry, {}]) },
      { what: 'white space', list: JSON.stringify([entry, entry], undefined, 2) },
      { what: 'something broken inside', list: '[{"manager":]' },
    ])('drops managedFields with $what', ({ list }) => {
      expect(metadataIn(withText(list))).toEqual({ name: 'p', managedFields: [] })
    })

    it('keeps managedFields with lists, which no API server writes', () => {
      expect(metadataIn(withText('[{"a":[1]}]'))).toEqual({ name: 'p', managedFields: [{ a: [1] }] })
    })

    it('can be longer than any stack', () => {
      const list = `[${'"",'.repeat(1_500_000)}""]`
      expect(decodeReview(json, withText(list)).uid).toBe('705ab4f5')
    })

    it('keeps a text that looks like them', () => {
      const annotations = { note: ',"managedFields":[1]' }
      const text = withText(JSON.stringify([entry]), { name: 'p', annotations })
      expect(metadataIn(text)).toEqual({ name: 'p', annotations, managedFields: [] })
    })

    it.each([
      { what: 'an unfinished list', text: withText('["').slice(0, -20) },
      { what: 'an unfinished text', text: withText('[{"manager":"x}]') },
      {
        what: 'a list instead of an object',
        text: '[1,"managedFields":[]]',
      },
      { what: 'something broken after them', text: withText('[] 1') },
    ])('is not JSON with $what', ({ text }) => {
      expect(failure(() => decodeReview(json, text))).toMatchObject({ message: 'the body is not JSON' })
    })

    it.each([
      { what: 'beginnings', text: ',"managedFields":['.repeat(290_000) },
      { what: 'quotes', text: withText(`[${'"'.repeat(5_000_000)}]`) },
      { what: 'escapes', text: withText(`["${'\\"'.repeat(2_500_000)}]`) },
      { what: 'brackets', text: withText(`[${'{}'.repeat(2_500_000)}`) },
    ])('takes no longer than parsing if it consists only of $what', ({ text }) => {
      const start = performance.now()
      expect(failure(() => decodeReview(json, text))?.code).toBe('bad-review')
      // It would take seconds if every position were tried.
      expect(performance.now() - start).toBeLessThan(2000)
    })
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

  it.each([100, 200_000])('never has its size underestimated, with %i non-ASCII letters', (letters) => {
    const text = JSON.stringify({ ...review, note: 'é€'.repeat(letters / 2) })
    expect(decodeReview(json, text).bodyBytes).toBeGreaterThanOrEqual(Buffer.byteLength(text))
  })

  it('is measured in bytes, not in letters', () => {
    expect(failure(() => decodeReview(json, `"${'é'.repeat(2.5 * mebibytes)}"`))).toMatchObject({
      code: 'too-large',
    })
  })
})
