import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnyDescription } from '../../lib/manager-kit/definition.ts'
import { outside, type OutsideDefinition } from '../../lib/managers/outside.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import { parserWith } from '../../lib/webhook-yaml.ts'
import { patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { call, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'
import { shelfConfig } from './outside-folder.ts'

/** An author's text, possibly a secret, which must reach nobody. */
const foreign = 'hunter2-of-the-author'

const request = { group: 'db', key: 'password', mount_requirement: 'FILE' }
const pod: Json = podAsking(request)

/** Returns the answer to the pod, and its log line, with an author's JavaScript manager that `create` returns. */
const answeredBy = async (create: () => unknown, asking: Json = pod) => {
  const definition = {
    name: 'Shelf',
    summary: 's',
    makes: 'both',
    reader: 'container',
    keys: {},
    create: create as OutsideDefinition['create'],
  } as const satisfies OutsideDefinition
  const known: AnyDescription = { ...definition, origin: { from: './shelf.js', code: '', sha256: '' } }
  const parsed = parserWith([known])(shelfConfig('./shelf.js'))
  if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems))
  const { webhook, records } = webhookIn({ config: parsed.config, definitions: [outside(definition)] })
  const { status, json, body } = await call(webhook, reviewOf(asking))
  const [record] = records
  if (record === undefined) throw new Error('nothing was recorded')
  return { status, json, body, log: logLine(record, 0) }
}

/** Returns the answer with a manager that has these functions. */
const answeredTo = (resolve: () => unknown, pullContainers?: () => unknown, asking?: Json) =>
  answeredBy(
    () => ({ name: 'Shelf', resolve, ...(pullContainers === undefined ? {} : { pullContainers }) }),
    asking,
  )

const thrown = (): never => {
  throw Object.assign(new Error(foreign), { name: 'ShelfError' })
}

const variable = { kind: 'variable', name: 'A', sources: [{ kind: 'literal', value: '1' }] }
const root = '/etc/flyte/secrets'
const fetch = { kind: 'fetch', identity: 'i', name: 'shelf', mountPath: root, step: {} }
const container = {
  name: 'shelf',
  image: 'i',
  resources: {},
  volumeMounts: [{ name: 'shelf', mountPath: '/shelf' }],
}
const found = (...wants: readonly unknown[]) => ({ kind: 'found', wants })

describe('a manager from outside that fails', () => {
  const failing = [
    { what: 'resolve throws', answer: () => answeredTo(thrown), says: 'the manager Shelf failed' },
    {
      what: 'resolve throws a text',
      answer: () =>
        answeredTo(() => {
          // oxlint-disable-next-line typescript/only-throw-error -- JavaScript can
          throw foreign
        }),
      says: 'the manager Shelf failed',
    },
    {
      what: 'pullContainers throws',
      answer: () => answeredTo(() => found(fetch, variable), thrown),
      says: 'the manager Shelf failed',
    },
    { what: 'create throws', answer: () => answeredBy(thrown), says: 'the manager Shelf cannot be created' },
    {
      what: 'create returns nothing',
      answer: () => answeredBy(() => null),
      says: 'the manager Shelf cannot be created',
    },
    {
      what: 'create returns no resolve',
      answer: () => answeredBy(() => ({ name: foreign })),
      says: 'the manager Shelf cannot be created',
    },
    {
      what: 'resolve returns a promise',
      answer: () => answeredTo(() => Promise.resolve(found(variable))),
      says: 'it returned a promise, but must answer at once',
    },
    {
      what: 'resolve returns a promise that fails',
      answer: () => answeredTo(() => Promise.reject(new Error(foreign))),
      says: 'it returned a promise, but must answer at once',
    },
    {
      what: 'pullContainers returns a promise that fails',
      answer: () =>
        answeredTo(
          () => found(fetch, variable),
          () => Promise.reject(new Error(foreign)),
        ),
      says: 'it returned a promise, but must answer at once',
    },
  ]

  it.each(failing)('is a 500 without its text, and the log names it: $what', async ({ answer, says }) => {
    const { status, json, body, log } = await answer()
    expect(status).toBe(500)
    expect(json).toMatchObject({ kind: 'Status', code: 500 })
    expect(body).not.toContain('Shelf')
    expect(log).toContain('the manager Shelf')
    expect(log).toContain(says)
    expect(body + log).not.toContain(foreign)
    // By now, a failed promise that nobody handles would be reported as an error of the test.
    await new Promise((resolve) => setTimeout(resolve, 0))
  })

  it('does not affect pods that do not ask it', async () => {
    const definition = {
      name: 'Shelf',
      summary: 's',
      makes: 'both',
      reader: 'container',
      keys: {},
      create: thrown,
    }
    const parsed = parserWith([
      { ...definition, origin: { from: '', code: '', sha256: '' } } as AnyDescription,
    ])(shelfConfig('./shelf.js'))
    if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems))
    const { webhook } = webhookIn({
      config: parsed.config,
      definitions: [outside(definition as OutsideDefinition)],
    })
    expect((await call(webhook, reviewOf(podAsking()))).json.response).toMatchObject({ allowed: true })
  })
})

describe('the result of a manager from outside, in JavaScript', () => {
  it.each([
    { what: 'nothing', said: undefined },
    { what: 'null', said: null },
    { what: 'a text', said: foreign },
    { what: 'no kind', said: { wants: [variable] } },
    { what: 'an unknown kind', said: { kind: foreign } },
    { what: 'a failure', said: { kind: 'failed', error: new Error(foreign) } },
    { what: 'no reason', said: { kind: 'not-mine' } },
    { what: 'a reason other than a text', said: { kind: 'not-mine', reason: { [foreign]: 1 } } },
    { what: 'no wants', said: { kind: 'found' } },
    { what: 'wants other than a list', said: { kind: 'found', wants: { 0: variable, length: 1 } } },
    { what: 'warnings other than texts', said: { ...found(variable), warnings: [{ [foreign]: 1 }] } },
    { what: 'a want that is null', said: found(variable, null) },
    // oxlint-disable-next-line no-sparse-arrays -- JavaScript can
    { what: 'a hole in the list of wants', said: { kind: 'found', wants: [, variable] } },
    { what: 'a want of an unknown kind', said: found({ ...variable, kind: foreign }) },
    {
      what: 'a want whose kind is a property of every object',
      said: found({ ...variable, kind: 'constructor' }),
    },
    { what: 'a variable without a name', said: found({ ...variable, name: undefined }) },
    { what: 'a variable without sources', said: found({ ...variable, sources: [] }) },
    { what: 'sources that are null', said: found({ ...variable, sources: [null] }) },
    {
      what: 'a value that is a number',
      said: found({ ...variable, sources: [{ kind: 'literal', value: 1 }] }),
    },
    {
      what: 'a reference without a key',
      said: found({ ...variable, sources: [{ kind: 'secretKeyRef', name: 'a' }] }),
    },
    { what: 'a file without a path', said: found(variable, { kind: 'file', root, identity: 'i' }) },
    {
      what: 'a Secret without an item',
      said: found({ kind: 'secretVolume', name: 'a', secretName: 'a', mountPath: root }),
    },
    {
      what: 'a volume whose source is a text',
      said: found({ kind: 'volume', name: 'a', mountPath: root, source: foreign }),
    },
    { what: 'a mount path that is a list', said: found({ ...fetch, mountPath: [root] }, variable) },
    { what: 'a fetch without a step', said: found({ ...fetch, step: undefined }, variable) },
    { what: 'a command that is a text', said: found({ ...fetch, step: { command: 'sh' } }, variable) },
    { what: 'an empty command', said: found({ ...fetch, step: { command: [] } }, variable) },
    {
      what: 'a variable of a step without a value',
      said: found({ ...fetch, step: { env: [{ name: 'A' }] } }, variable),
    },
    { what: 'an env file without an identity', said: found({ kind: 'envFile', step: {} }, variable) },
    {
      what: 'an annotation with an unknown time',
      said: found(variable, { kind: 'annotation', key: 'a', value: 'b', when: 'never' }),
    },
  ])('is a 500 that names the manager in the log: $what', async ({ said }) => {
    const { status, body, log } = await answeredTo(
      () => said,
      () => [container],
    )
    expect(status).toBe(500)
    expect(log).toContain('the manager Shelf failed')
    expect(body + log).not.toContain(foreign)
  })

  it('is a 500 if it wants a fetch and makes no init containers', async () => {
    const { status, log } = await answeredTo(() => found(fetch, variable))
    expect(status).toBe(500)
    expect(log).toContain('the manager Shelf failed')
    expect(log).toContain('it wants a fetch, but has no pullContainers')
  })

  it.each([
    { what: 'nothing', made: undefined },
    { what: 'an empty list', made: [] },
    { what: 'null', made: [null] },
    { what: 'no name', made: [{ ...container, name: undefined }] },
    { what: 'no image', made: [{ ...container, image: '' }] },
    { what: 'no mounts', made: [{ ...container, volumeMounts: [] }] },
    { what: 'a mount without a path', made: [{ ...container, volumeMounts: [{ name: 'shelf' }] }] },
    {
      what: 'a mount with readOnly as a text',
      made: [{ ...container, volumeMounts: [{ ...container.volumeMounts[0], readOnly: 'yes' }] }],
    },
    { what: 'resources that are a text', made: [{ ...container, resources: foreign }] },
    { what: 'a security context that is a list', made: [{ ...container, securityContext: [] }] },
    { what: 'a word of its command that is a number', made: [{ ...container, command: ['sh', 1] }] },
    { what: 'a private volume without a kind', made: [{ ...container, privateVolumes: [{ name: 'a' }] }] },
  ])('is a 500 if its init containers do not match the description of the kit: $what', async ({ made }) => {
    const { status, body, log } = await answeredTo(
      () => found(fetch, variable),
      () => made,
    )
    expect(status).toBe(500)
    expect(log).toContain('the manager Shelf failed')
    expect(log).toContain("its init containers do not match the kit's types")
    expect(body + log).not.toContain(foreign)
  })

  it.each([
    { what: 'no want', wants: [], why: /Shelf: at least one is needed/ },
    {
      what: 'an illegal name of a volume',
      wants: [{ ...fetch, name: 'Shelf_1' }, variable],
      why: /Shelf: its name must be a DNS-1123 label/,
    },
    {
      what: 'a mount at /bin',
      wants: [{ ...fetch, mountPath: '/bin' }, variable],
      why: /Shelf: it must be mounted at \/etc\/flyte\/secrets or below/,
    },
    {
      what: 'a mount that leaves its folder',
      wants: [
        { kind: 'volume', name: 'a', mountPath: `${root}/../../bin`, source: { emptyDir: {} } },
        variable,
      ],
      why: /Shelf: it must be mounted at/,
    },
    {
      what: 'two kinds of volume in one',
      wants: [
        { kind: 'volume', name: 'a', mountPath: root, source: { emptyDir: {}, hostPath: {} } },
        variable,
      ],
      why: /Shelf: its source must be one kind of volume/,
    },
    {
      what: 'an illegal name of a variable',
      wants: [{ ...variable, name: 'A=B' }],
      why: /a variable name must be printable ASCII/,
    },
    {
      what: 'an illegal key of an annotation',
      wants: [variable, { kind: 'annotation', key: 'a b', value: 'c', when: 'always' }],
      why: /Shelf: its key must be/,
    },
  ])('is checked like the wants of all managers: $what', async ({ wants, why }) => {
    const { status, json } = await answeredTo(
      () => found(...wants),
      () => [container],
    )
    expect(status).toBe(200)
    expect(json.response).toMatchObject({ allowed: false, status: { code: 400 } })
    expect(json.response.status.message).toMatch(why)
    expect(json.response.patch).toBeUndefined()
  })

  it.each([fetch, { kind: 'envFile', identity: 'i', step: {} }])(
    'is not for a pod for Windows if it wants an init container ($kind)',
    async (want) => {
      const windows = { ...pod, spec: { ...pod.spec, os: { name: 'windows' } } }
      const resolve = () => found(variable, want)
      const { json } = await answeredTo(resolve, () => [container], windows)
      expect(json.response.status.message).toContain('Shelf: it needs a Linux container')
      const { json: other } = await answeredTo(() => found(variable), undefined, windows)
      expect(other.response.allowed).toBe(true)
    },
  )

  it('serves the pod if it is valid', async () => {
    const { json } = await answeredTo(
      () => found(fetch, variable),
      () => [container],
    )
    expect(patched(pod, json)).toMatchObject({ spec: { initContainers: [{ name: 'shelf' }] } })
  })

  /** Generates almost valid wants: a valid one with another value for one of its parts. */
  const near = fc
    .constantFrom(
      variable,
      fetch,
      { kind: 'file', path: `${root}/a`, root, identity: 'i' },
      {
        kind: 'secretVolume',
        name: 'a',
        secretName: 'a',
        mountPath: `${root}/a`,
        item: { key: 'a', path: 'a' },
      },
      { kind: 'volume', name: 'a', mountPath: `${root}/b`, source: { csi: { driver: 'd' } } },
      { kind: 'envFile', identity: 'i', step: {} },
      { kind: 'annotation', key: 'a', value: 'b', when: 'always' },
    )
    .chain((want) =>
      fc.record({
        want: fc.constant(want),
        at: fc.constantFrom(...Object.keys(want), ''),
        other: fc.anything(),
      }),
    )
    .map(({ want, at, other }): unknown => (at === '' ? want : { ...want, [at]: other }))

  it('always leads to a valid pod, a denial, or a 500 that names the manager', async () => {
    const said = fc.oneof(
      fc.anything(),
      fc.array(fc.oneof(near, fc.anything())).map((wants) => found(...wants)),
    )
    const made = fc.oneof(fc.constant([container]), fc.anything())
    await fc.assert(
      fc.asyncProperty(said, made, async (resolution, containers) => {
        const { status, json, log } = await answeredTo(
          () => resolution,
          () => containers,
        )
        if (status === 500) expect(log).toContain('the manager Shelf failed')
        else if (json.response.allowed === true) patched(pod, json)
        else expect(json.response.status.code).toBe(400)
      }),
      { numRuns: 300 },
    )
  })
})
