import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logLine } from '../../lib/telemetry/log-line.ts'
import { annotationOf } from '../support/annotation.ts'
import { configurations, pods } from '../support/arbitrary-pods.ts'
import { depth } from '../support/depth.ts'
import { example, call, configFrom, reviewOf, webhookIn } from '../support/webhook.ts'
import type { Json } from '../support/pods.ts'

const maxAnswerBytes = 200_000
const maxLogBytes = 20_000
/** The prefix of what the webhook reads by name: another one would hide the text behind it. */
const prefixes = ['', 'flyte.secrets/s', 'vault.hashicorp.com/agent-inject-secret-', '/etc/flyte/secrets/']

const longText = fc
  .tuple(
    fc.constantFrom(...prefixes),
    fc.constantFrom('x', '/a', ',', '"\\', '\u0001', '\u200b', '\ud800', '語', '\u{1f511}', '$(A)', "'"),
    fc.constantFrom(100, 300, 5_000, 100_000),
  )
  .map(([prefix, character, count]) => prefix + character.repeat(count))

/** Replaces some texts of a value, each counted in the order of its keys and values. */
const replaced = (value: Json, texts: ReadonlyMap<number, string>): Json => {
  let at = 0
  const textOf = (old: string): string => texts.get(at++) ?? old
  const walk = (one: Json): Json => {
    if (typeof one === 'string') return textOf(one)
    if (Array.isArray(one)) return one.map(walk)
    if (one === null || typeof one !== 'object') return one
    return Object.fromEntries(
      Object.entries(one).map(([key, inner]) => [isName(key) ? textOf(key) : key, walk(inner)]),
    )
  }
  return walk(value)
}

/** Whether an author chooses the key: keys of the Kubernetes API have neither of these characters. */
const isName = (key: string): boolean => /[./-]/.test(key)

/** As many requests as a pod can have, with a text in each of their names. */
const manyRequests = (text: string): Json =>
  Object.fromEntries(
    Array.from({ length: 256 }, (_, index) => [
      `flyte.secrets/s${index}${text.slice(0, 500)}`,
      annotationOf({ group: 'db', key: `key-${index}` }),
    ]),
  )

describe('a long text in any field of a pod', () => {
  it('makes neither a long answer nor a long line of the log, and no other failure', async () => {
    const real: Json[] = await Promise.all(
      ['rich', 'spark-driver', 'ray-head'].map(
        async (name) => JSON.parse(await example(name)).request.object,
      ),
    )
    const more = fc.oneof(fc.constantFrom({}, manyRequests('')), longText.map(manyRequests))
    const pod = fc.tuple(fc.oneof(pods, fc.constantFrom(...real)), more).map(([one, annotations]) => ({
      ...one,
      metadata: { ...one.metadata, annotations: { ...one.metadata.annotations, ...annotations } },
    }))
    const places = fc.array(fc.tuple(fc.nat(700), longText), { minLength: 1, maxLength: 6 })
    const worlds = fc.record({
      one: pod,
      texts: places,
      sections: configurations,
      onFailure: fc.constantFrom('deny', 'admit'),
    })
    await fc.assert(
      fc.asyncProperty(worlds, async ({ one, texts, sections, onFailure }) => {
        const hostile = replaced(one, new Map(texts))
        const config = configFrom({
          ...sections,
          function: { ...sections.function, onFailure },
        })
        const { webhook, records } = webhookIn({ config })
        const { status, body, json } = await call(webhook, reviewOf(hostile))
        expect(status).toBe(200)
        const { patch = '', warnings = [] } = json.response
        expect(Buffer.byteLength(body)).toBeLessThan(maxAnswerBytes + patch.length)
        for (const warning of warnings) expect(warning).toMatch(/^[^\p{Cc}]{1,120}$/u)
        for (const record of records) expect(Buffer.byteLength(logLine(record, 0))).toBeLessThan(maxLogBytes)
      }),
      { numRuns: depth(2000) },
    )
  })
})
