import { describe, expect, it } from 'vitest'
import { denialOf, messageOf, printable, statusOf } from '../../lib/admission/status.ts'
import { WebhookError } from '../../lib/errors.ts'

describe('the status of a failure', () => {
  it.each([
    { error: 'bad-review', code: 400, reason: 'BadRequest', message: 'own words' },
    { error: 'unsupported-media-type', code: 415, reason: 'UnsupportedMediaType', message: 'own words' },
    { error: 'too-large', code: 413, reason: 'RequestEntityTooLarge', message: 'own words' },
    {
      error: 'not-found',
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    },
    { error: 'store-refused', code: 400, reason: 'BadRequest', message: 'own words' },
    { error: 'store-unavailable', code: 503, reason: 'ServiceUnavailable', message: 'own words' },
    {
      error: 'internal',
      code: 500,
      reason: 'InternalError',
      message: 'flyte-webhook failed: its log says why',
    },
  ] as const)('$error is $code $reason: $message', ({ error, code, reason, message }) => {
    expect(statusOf(new WebhookError(error, 'own words', { cause: new Error('hunter2') }))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      reason,
      message,
    })
  })

  it('holds no control characters', () => {
    expect(statusOf(new WebhookError('bad-review', 'a\u001b[2Jb')).message).toBe('a\\u{1b}[2Jb')
  })
})

const notThere = { by: ['flyte.secrets/s0'], what: 'group "g", key "k"', why: 'K8s: not there' } as const
const noFile = { by: ['flyte.secrets/s0'], what: 'group "g", key "k"', why: 'AWS: no file' } as const
const twice = {
  by: ['flyte.secrets/s1', 'flyte.secrets/s2'],
  what: 'variable A',
  why: 'different contents',
} as const

describe('a denial', () => {
  it('is a 400 with one cause for each annotation and reason', () => {
    const field = (index: number) => `metadata.annotations[flyte.secrets/s${index}]`
    const reason = 'FieldValueInvalid'
    expect(denialOf([notThere, noFile, twice])).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 400,
      reason: 'BadRequest',
      message: messageOf([notThere, noFile, twice]),
      details: {
        causes: [
          { reason, field: field(0), message: 'group "g", key "k": K8s: not there' },
          { reason, field: field(0), message: 'group "g", key "k": AWS: no file' },
          { reason, field: field(1), message: 'variable A: different contents' },
          { reason, field: field(2), message: 'variable A: different contents' },
        ],
      },
    })
  })

  it('holds no control characters of the request', () => {
    const { message, details } = denialOf([{ by: ['flyte.secrets/s\n'], what: 'key "\r"', why: '\t' }])
    expect(message).toBe('flyte.secrets/s\\u{a} (key "\\u{d}"): \\u{9}')
    expect(details?.causes).toMatchObject([
      { field: 'metadata.annotations[flyte.secrets/s\\u{a}]', message: 'key "\\u{d}": \\u{9}' },
    ])
  })
})

describe('a long denial', () => {
  const maxAnswerBytes = 200_000
  const refusals = (count: number, why: string) =>
    Array.from({ length: count }, (_, index) => ({ by: [`s${index}`] as const, what: 'key', why }))

  it('gives every reason of 256 requests, and a cause for each', () => {
    const { message, details } = denialOf(refusals(256, 'w'.repeat(100)))
    expect(details?.causes).toHaveLength(256)
    expect(message.match(/s\d+ \(key\): w{100}/g)).toHaveLength(256)
    expect(message).not.toContain('more')
  })

  it('has sentences of at most 8 KiB', () => {
    const { message, details } = denialOf(refusals(1, 'w'.repeat(20_000)))
    expect(message).toBe(`s0 (key): ${'w'.repeat(8 * 1024 - 10)}…`)
    expect(details?.causes[0]?.message).toBe(`key: ${'w'.repeat(8 * 1024 - 5)}…`)
    const escaped = denialOf(refusals(1, '\n'.repeat(8_000))).message
    expect(escaped).toHaveLength(8 * 1024 + 1)
  })

  it.each([
    { what: 'long reasons', why: 'w'.repeat(1024) },
    { what: 'reasons of three bytes a character', why: '語'.repeat(2000) },
    { what: 'reasons that JSON escapes', why: '"\\'.repeat(3000) },
    { what: 'reasons of control characters', why: '\u0001'.repeat(3000) },
  ])('names all requests whose reasons do not fit: $what', ({ why }) => {
    const status = denialOf(refusals(256, why))
    const told = status.message.match(/s\d+ \(key\)/g)?.length ?? 0
    expect(told).toBeGreaterThan(1)
    expect(told).toBeLessThan(256)
    const more = Array.from({ length: 256 - told }, (_, index) => `s${told + index}`)
    expect(status.message.endsWith(`. And more of ${more.join(', ')}`)).toBe(true)
    expect(status.details?.causes.length).toBeGreaterThan(1)
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(maxAnswerBytes)
  })

  it.each(['\u0001', '\u200b', '\ud800', '語', '\u{e0001}', '"'])(
    'stays small if the names of 256 annotations consist of %j',
    (character) => {
      const status = denialOf(
        Array.from({ length: 256 }, (_, index) => ({
          by: [`flyte.secrets/s${index}${character.repeat(200)}`] as const,
          what: character.repeat(300),
          why: 'w',
        })),
      )
      expect(status.details?.causes.length).toBeGreaterThan(10)
      expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(maxAnswerBytes)
    },
  )

  it('has only as many causes as fit', () => {
    const by = Array.from({ length: 256 }, (_, index) => `s${index}`) as unknown as readonly [string]
    const many = Array.from({ length: 1000 }, (_, index) => ({
      by,
      what: `mount ${index}`,
      why: 'w'.repeat(400),
    }))
    const status = denialOf(many)
    expect(status.details?.causes.length).toBeGreaterThan(100)
    expect(Buffer.byteLength(JSON.stringify(status))).toBeLessThan(maxAnswerBytes)
  })
})

describe('the message of refusals', () => {
  it('groups the reasons for one subject', () => {
    expect(messageOf([notThere, twice, noFile])).toBe(
      'flyte.secrets/s0 (group "g", key "k"): K8s: not there; AWS: no file. ' +
        'flyte.secrets/s1, flyte.secrets/s2 (variable A): different contents',
    )
  })
})

describe('printable text', () => {
  it.each([
    { text: 'grün 🔑 "x" \\', shown: 'grün 🔑 "x" \\' },
    { text: '\0\u007f\u0085', shown: '\\u{0}\\u{7f}\\u{85}' },
    { text: 'a\u202eb\ufeff', shown: 'a\\u{202e}b\\u{feff}' },
    { text: '\u2028\u2029', shown: '\\u{2028}\\u{2029}' },
    { text: '\u{e0041}', shown: '\\u{e0041}' },
  ])('is $shown', ({ text, shown }) => {
    expect(printable(text)).toBe(shown)
  })
})
