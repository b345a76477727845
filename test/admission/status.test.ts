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
  const answerBytes = 512 * 1024
  const refusals = (count: number, why: string) =>
    Array.from({ length: count }, (_, index) => ({ by: [`s${index}`] as const, what: 'key', why }))

  it('names each of 256 requests and every cause', () => {
    const { message, details } = denialOf(refusals(256, 'w'.repeat(1000)))
    expect(details?.causes).toHaveLength(256)
    expect(message).toContain('s255 (key)')
    expect(message).not.toContain('more')
  })

  it('has sentences of 16 KiB at most', () => {
    const { message, details } = denialOf(refusals(1, 'w'.repeat(20_000)))
    expect(message).toBe(`s0 (key): ${'w'.repeat(16 * 1024 - 10)}…`)
    expect(details?.causes[0]?.message).toBe(`key: ${'w'.repeat(16 * 1024 - 5)}…`)
    const escaped = denialOf(refusals(1, '\n'.repeat(16_000))).message
    expect(escaped).toHaveLength(16 * 1024 + 1)
  })

  it('tells how many it leaves out', () => {
    const { message, details } = denialOf(refusals(600, 'w'.repeat(1024)))
    const told = message.match(/s\d+ \(key\)/g)?.length ?? 0
    expect(message).toMatch(new RegExp(`\\. And ${600 - told} more$`))
    expect(message.length).toBeLessThan(answerBytes + 2 * told + 20)
    expect(told).toBeGreaterThan(450)
    expect(details?.causes.length).toBeLessThan(600)
  })
})

describe('the message of refusals', () => {
  it('puts the reasons for one thing together', () => {
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
