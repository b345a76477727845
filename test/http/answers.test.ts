import { describe, expect, it } from 'vitest'
import { createHandler } from '../../lib/gateway/handler.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import { lambdaContext, eventShapes, type HttpCall, restEvent } from '../support/events.ts'
import { undocumentedIn } from '../messages/known.ts'
import { patched } from '../support/patch.ts'
import {
  configFrom,
  example,
  filesAre,
  podAsking,
  reviewOf,
  webhookIn,
  type World,
} from '../support/webhook.ts'

const context = lambdaContext()

/** Returns a function that sends calls through a webhook's Lambda handler. */
const sender = (event: (call: HttpCall) => unknown, world: World = {}) => {
  const { webhook, records } = webhookIn(world)
  const handler = createHandler(webhook)
  const send = async (call: HttpCall) => {
    const answer = await handler(event(call) as never, context as never)
    const json = JSON.parse(answer.body)
    expect(undocumentedIn(answer.statusCode ?? 0, json)).toEqual([])
    return { ...answer, json }
  }
  /** Returns the log of the calls so far. */
  const log = () => records.map((record) => JSON.parse(logLine(record, 0)))
  return { send, log }
}

/** Builds a pod with any spec that takes part by its label. */
const labelled = (spec: unknown, metadata: object = { labels: { 'inject-flyte-secrets': 'true' } }) => ({
  metadata,
  spec,
})
const secret = { group: 'db', key: 'password', mount_requirement: 'ENV_VAR' }
const k8sAndGcp = { webhook: { secretManagerTypes: ['K8s', 'GCP'] }, function: { profile: 'flyte1' } }
const hidden = 'do-not-repeat-7f3a'

describe.each(eventShapes)('over the $shape', ({ event }) => {
  it('answers a review with an AdmissionReview and a patch', async () => {
    const { send } = sender(event)
    const body = await example('plain')
    const { statusCode, headers, json } = await send({ body })
    expect(statusCode).toBe(200)
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(json).toMatchObject({
      kind: 'AdmissionReview',
      apiVersion: 'admission.k8s.io/v1',
      response: { allowed: true },
    })
    const { uid, object } = JSON.parse(body).request
    expect(json.response.uid).toBe(uid)
    expect(patched(object, json).spec.volumes).toMatchObject([{ secret: { secretName: 'db-creds' } }])
  })

  it('denies a broken request with 400 inside HTTP 200', async () => {
    const pod = podAsking(secret)
    pod.metadata.annotations['flyte.secrets/s1'] = '0189!'
    const { statusCode, json } = await sender(event).send({ body: reviewOf(pod) })
    expect(statusCode).toBe(200)
    expect(json.response).toMatchObject({
      allowed: false,
      status: { code: 400, reason: 'BadRequest', status: 'Failure' },
    })
    expect(json.response.status.details.causes).toEqual([
      {
        field: 'metadata.annotations[flyte.secrets/s1]',
        reason: 'FieldValueInvalid',
        message: expect.stringContaining('offset 0'),
      },
    ])
  })

  it('denies a request that no manager can serve, with one cause for each', async () => {
    const pod = podAsking({ group: 'db', key: 'no such', mount_requirement: 'FILE' })
    const world = { config: configFrom(k8sAndGcp) }
    const { json } = await sender(event, world).send({ body: reviewOf(pod) })
    const { message, details } = json.response.status
    expect(
      details.causes.map((cause: { message: string }) => /(Global|K8s|GCP):/.exec(cause.message)?.[1]),
    ).toEqual(['Global', 'K8s', 'GCP'])
    for (const name of ['flyte.secrets/s0', 'db', 'no such', 'Global', 'K8s', 'GCP'])
      expect(message).toContain(name)
  })

  it('admits such a pod unchanged if configured, and says so', async () => {
    const world = { config: configFrom({ function: { onFailure: 'admit' } }) }
    const { json } = await sender(event, world).send({ body: reviewOf(podAsking({ group: 'db' }, secret)) })
    expect(json.response).toMatchObject({
      allowed: true,
      warnings: [expect.stringContaining('flyte.secrets/s0')],
      auditAnnotations: { 'on-failure': 'admit', refused: 'flyte.secrets/s0' },
    })
    expect(json.response).not.toHaveProperty('patch')
  })

  it.each([
    { what: 'no JSON', body: `{"uid": "${hidden}"` },
    { what: 'no object', body: `"${hidden}"` },
    { what: 'null', body: 'null' },
    { what: 'nothing', body: '' },
    { what: 'another kind', body: JSON.stringify({ kind: hidden, apiVersion: 'admission.k8s.io/v1' }) },
    {
      what: 'another version',
      body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: hidden, request: {} }),
    },
    {
      what: 'no request',
      body: JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', x: hidden }),
    },
    { what: 'no uid', body: reviewOf({ [hidden]: 1 }, { uid: '' }) },
    { what: 'a namespace that is not a string', body: reviewOf({ [hidden]: 1 }, { namespace: 1 }) },
    { what: 'no kind', body: reviewOf({ [hidden]: 1 }, { kind: hidden }) },
    { what: 'no operation', body: reviewOf({ [hidden]: 1 }, { operation: 1 }) },
    { what: 'no object', body: reviewOf({}, { object: hidden }) },
    {
      what: 'labels that are not strings',
      body: reviewOf(labelled({}, { labels: { 'inject-flyte-secrets': 'true', a: { [hidden]: 1 } } })),
    },
    { what: 'no spec', body: reviewOf(labelled(null)) },
    { what: 'containers that are not a list', body: reviewOf(labelled({ containers: { [hidden]: 1 } })) },
    { what: 'a container without a name', body: reviewOf(labelled({ containers: [{ image: hidden }] })) },
    {
      what: 'a mount without a path',
      body: reviewOf(labelled({ containers: [{ name: 'a', volumeMounts: [{ name: hidden }] }] })),
    },
  ])('answers 400 to $what and repeats nothing', async ({ body }) => {
    const { statusCode, headers, json, body: text } = await sender(event).send({ body })
    expect(statusCode).toBe(400)
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(json).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'BadRequest',
      code: 400,
    })
    expect(text).not.toContain(hidden)
  })

  it.each(['text/plain', 'application/xml', 'application/jsonp', ''])(
    'answers 415 to the content type "%s"',
    async (type) => {
      const {
        statusCode,
        json,
        body: text,
      } = await sender(event).send({ headers: { 'Content-Type': type }, body: hidden })
      expect(statusCode).toBe(415)
      expect(json).toMatchObject({ kind: 'Status', code: 415, reason: 'UnsupportedMediaType' })
      expect(text).not.toContain(hidden)
    },
  )

  it('accepts a content type with parameters and in any case', async () => {
    const { statusCode } = await sender(event).send({
      headers: { 'content-TYPE': 'Application/JSON; charset=utf-8' },
      body: await example('plain'),
    })
    expect(statusCode).toBe(200)
  })

  it('accepts a body of 5 MiB and answers 413 to one byte more', async () => {
    const most = 5 * 1024 * 1024
    const filled = (bytes: number) =>
      reviewOf({ x: '' }).replace('"x":""', `"x":"${'x'.repeat(bytes - reviewOf({ x: '' }).length)}"`)
    const { send } = sender(event)
    expect((await send({ body: filled(most) })).statusCode).toBe(200)
    const { statusCode, json } = await send({ body: filled(most + 1) })
    expect(statusCode).toBe(413)
    expect(json).toMatchObject({ kind: 'Status', code: 413, reason: 'RequestEntityTooLarge' })
  })

  it.each([
    { path: '/' },
    { path: '/mutate--v1-pod' },
    { path: '/local/mutate--v1-pod' },
    { path: '/local/token/validate' },
    { path: '/local/token/mutate--v1-pod/' },
    { path: '/a/b/c/d/mutate--v1-pod' },
    { method: 'GET' },
    { method: 'PUT' },
  ])('answers the same 404 to $method $path, whatever the body', async (call) => {
    const { send } = sender(event)
    const answers = [
      await send({ ...call, body: 'no JSON' }),
      await send({ ...call, body: await example('plain') }),
    ]
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(404)
      expect(body).toBe(
        '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"the server could not find the requested resource","reason":"NotFound","code":404}',
      )
    }
  })

  it('answers 503 without Retry-After when a store does not answer, and logs the cause', async () => {
    const fileSystem = {
      exists: () => true,
      readFile: () => Promise.reject(Object.assign(new Error(hidden), { code: 'EIO' })),
    }
    const { send, log } = sender(event, { fileSystem })
    const { statusCode, headers, json, body } = await send({ body: reviewOf(podAsking(secret)) })
    expect(statusCode).toBe(503)
    expect(headers).toEqual({ 'content-type': 'application/json' })
    expect(json).toMatchObject({ kind: 'Status', code: 503, reason: 'ServiceUnavailable' })
    expect(json.message).toContain('flyte.secrets/s0')
    expect(body + JSON.stringify(log())).not.toContain(hidden)
  })

  it('prefers a 400 to a 503, and names both', async () => {
    const readFile = () => Promise.reject(Object.assign(new Error(), { code: 'EIO' }))
    const { send } = sender(event, { fileSystem: { exists: () => true, readFile } })
    const { statusCode, json } = await send({ body: reviewOf(podAsking(secret, { group: 'g' })) })
    expect(statusCode).toBe(200)
    expect(json.response.status.code).toBe(400)
    for (const name of ['flyte.secrets/s0', 'flyte.secrets/s1'])
      expect(json.response.status.message).toContain(name)
  })

  it('answers 500 with a constant message to an unexpected error, and logs its place', async () => {
    const identifyCaller = (): never => {
      throw new RangeError(hidden)
    }
    const { send, log } = sender(event, { identifyCaller })
    const { statusCode, json, body } = await send({ body: reviewOf(podAsking(secret)) })
    expect(statusCode).toBe(500)
    expect(json).toMatchObject({ kind: 'Status', code: 500, reason: 'InternalError' })
    const stack = expect.arrayContaining([expect.stringContaining('webhook.ts')])
    expect(log()).toMatchObject([
      { level: 'ERROR', outcome: 'failed', error: { cause: { name: 'RangeError', stack } } },
    ])
    expect(body + JSON.stringify(log())).not.toContain(hidden)
  })

  it.each([
    { ends: 'the API server', timeout: '1s', lambdaMs: 8000 },
    { ends: 'Lambda', timeout: '15s', lambdaMs: 1000 },
  ])('answers 503 before $ends would end the call when a store hangs', async ({ timeout, lambdaMs }) => {
    const fileSystem = { exists: () => true, readFile: () => new Promise<never>(() => {}) }
    const { webhook, records } = webhookIn({ fileSystem })
    const call = event({ body: reviewOf(podAsking(secret)), timeout })
    const start = performance.now()
    const answer = await createHandler(webhook)(call as never, lambdaContext(lambdaMs))
    expect(performance.now() - start).toBeLessThan(950)
    expect(answer.statusCode).toBe(503)
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', code: 503, reason: 'ServiceUnavailable' })
    expect(records).toMatchObject([{ outcome: 'unavailable', status: 503, cluster: 'local' }])
  })

  it('prefers, at the end of the time, the permanent refusal of a broken request', async () => {
    const fileSystem = {
      exists: () => true,
      readFile: (_: string, { signal }: { signal: AbortSignal }) =>
        new Promise<never>((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    }
    const call = event({ body: reviewOf(podAsking(secret, { group: 'g' })), timeout: '1s' })
    const answer = await createHandler(webhookIn({ fileSystem }).webhook)(call as never, context)
    expect(JSON.parse(answer.body).response.status.code).toBe(400)
  })

  it('does not touch the body of an unknown caller', async () => {
    const call = event({ path: '/local/wrong/mutate--v1-pod', body: '{}' })
    Object.defineProperty(call, 'body', {
      get: () => {
        throw new Error('read')
      },
    })
    const { webhook, records } = webhookIn({})
    expect((await createHandler(webhook)(call as never, context)).statusCode).toBe(404)
    expect(records).toMatchObject([{ outcome: 'refused-caller', status: 404 }])
  })

  it('logs the IDs of API Gateway and Lambda, whether or not the caller is known', async () => {
    const { send, log } = sender(event)
    const requestId = '11111111-7b61-11e6-9a41-93e8deadbeef'
    await send({ body: await example('plain'), requestId })
    await send({ path: '/local/wrong/mutate--v1-pod', requestId })
    const ids = { requestId, lambdaRequestId: context.awsRequestId }
    expect(log()).toMatchObject([
      { outcome: 'patched', ...ids },
      { outcome: 'refused-caller', ...ids },
    ])
  })

  it('returns version and configuration for GET and HEAD', async () => {
    const { send, log } = sender(event)
    const config = configFrom({})
    const get = await send({ method: 'GET', path: '/local/token/healthz' })
    expect(get.json).toEqual({ version: '1.2.3', config: config.digest })
    const head = await createHandler(webhookIn({}).webhook)(
      event({ method: 'HEAD', path: '/local/token/healthz' }) as never,
      context,
    )
    expect(head).toMatchObject({ statusCode: 200, headers: get.headers, body: '' })
    expect(log()).toMatchObject([{ outcome: 'health' }])
  })

  it.each([
    { method: 'GET', path: '/local/wrong/healthz' },
    { method: 'POST', path: '/local/token/healthz' },
    { method: 'GET', path: '/local/token/mutate--v1-pod' },
  ])('answers the constant 404 to $method $path', async (request) => {
    const { statusCode, json } = await sender(event).send(request)
    expect(statusCode).toBe(404)
    expect(json.message).toBe('the server could not find the requested resource')
  })

  it('records each call once, with what is known of it', async () => {
    const { send, log } = sender(event)
    const pod = { ...podAsking(secret, { group: 'g', key: 'k' }) }
    Object.assign(pod.metadata, { ownerReferences: [{ kind: 'FlyteWorkflow', controller: true }] })
    await send({ body: reviewOf(pod) })
    await send({ body: reviewOf(podAsking({ group: 'g' })) })
    await send({ body: '{' })
    const known = { cluster: 'local', namespace: 'flytesnacks-development', uid: expect.any(String) }
    expect(log()).toMatchObject([
      {
        ...known,
        outcome: 'patched',
        ownerKind: 'FlyteWorkflow',
        requested: 2,
        managers: 'K8s:2',
        InjectedSecrets: 2,
        coldStart: true,
      },
      {
        ...known,
        outcome: 'denied',
        requested: 1,
        reason: expect.stringContaining('K8s: it needs a key'),
        coldStart: false,
      },
      { cluster: 'local', outcome: 'bad-request', status: 400 },
    ])
  })
})

describe('the admission protocol', () => {
  const { send } = sender(restEvent)

  it('answers in the version of the review', async () => {
    const body = (await example('plain')).replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1')
    expect((await send({ body })).json).toMatchObject({
      apiVersion: 'admission.k8s.io/v1beta1',
      response: { allowed: true },
    })
  })

  it.each([
    { what: 'an update', request: { operation: 'UPDATE' } },
    { what: 'a deletion', request: { operation: 'DELETE', object: null } },
    { what: 'a subresource', request: { subResource: 'eviction' } },
    { what: 'another kind', request: { kind: { group: 'apps', version: 'v1', kind: 'Deployment' } } },
    { what: 'another version of pods', request: { kind: { group: '', version: 'v2', kind: 'Pod' } } },
  ])('allows $what unchanged', async ({ request }) => {
    const { statusCode, json } = await send({ body: reviewOf(podAsking(secret), request) })
    expect(statusCode).toBe(200)
    expect(json.response).toEqual({
      uid: expect.any(String),
      allowed: true,
      auditAnnotations: { config: expect.any(String) },
    })
  })

  it.each([
    { what: 'without the label', labels: {} },
    { what: 'with another value of the label', labels: { 'inject-flyte-secrets': 'false' } },
  ])('allows a pod $what unchanged', async ({ labels }) => {
    const pod = podAsking(secret)
    const { json } = await send({ body: reviewOf({ ...pod, metadata: { ...pod.metadata, labels } }) })
    expect(json.response).not.toHaveProperty('patch')
  })

  it('allows a mirror pod unchanged', async () => {
    const pod = podAsking(secret)
    Object.assign(pod.metadata.annotations, { 'kubernetes.io/config.mirror': 'digest' })
    expect((await send({ body: reviewOf(pod) })).json.response).not.toHaveProperty('patch')
  })

  it.each(['plain', 'generate-name', 'dry-run', 'rich', 'spark-driver', 'ray-head'])(
    'patches the example %s',
    async (name) => {
      const body = await example(name)
      const { json } = await send({ body })
      expect(json.response).toMatchObject({
        allowed: true,
        patchType: 'JSONPatch',
        auditAnnotations: { injected: expect.stringContaining('K8s:') },
      })
      const pod = patched(JSON.parse(body).request.object, json)
      expect((await send({ body: reviewOf(pod) })).json.response).not.toHaveProperty('patch')
    },
  )

  it('counts in the audit log what each manager injected, in the order of the look-up', async () => {
    const config = configFrom(k8sAndGcp)
    const world = { config, environment: { FLYTE_SECRET_G_K: 'v' }, fileSystem: filesAre({}) }
    const pod = podAsking(
      { group: 'a', group_version: '1' },
      secret,
      { group: 'g', key: 'k' },
      { group: 'c', key: 'k' },
    )
    expect(
      (await sender(restEvent, world).send({ body: reviewOf(pod) })).json.response.auditAnnotations,
    ).toEqual({
      config: config.digest,
      injected: 'Global:1,K8s:2,GCP:1',
    })
  })
})

it('denies a pod that would not fit into etcd, naming every request', async () => {
  const keys = ['a', 'b', 'c', 'd', 'e']
  const environment = Object.fromEntries(
    keys.map((key) => [`FLYTE_SECRET_DB_${key.toUpperCase()}`, 'v'.repeat(120 * 1024)]),
  )
  const config = configFrom({ webhook: { secretManagerType: 'Global' } })
  const asking = podAsking(...keys.map((key) => ({ group: 'db', key, mount_requirement: 'ENV_VAR' })))
  const reviewed = async (bytes: number) => {
    const spec = { containers: [{ name: 'main', image: 'i', args: ['a'.repeat(bytes)] }] }
    const { send } = sender(restEvent, { config, environment })
    return (await send({ body: reviewOf({ ...asking, spec }) })).json.response
  }
  expect(await reviewed(512 * 1024)).toMatchObject({ allowed: true })
  const { allowed, status } = await reviewed(1024 * 1024)
  expect(allowed).toBe(false)
  expect(status.message).toContain('exceed the 1572864 bytes that etcd stores')
  for (const index of keys.keys()) expect(status.message).toContain(`flyte.secrets/s${index}`)
})
