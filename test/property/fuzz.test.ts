import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undocumentedIn } from '../messages/known.ts'
import type { Json } from '../support/pods.ts'
import { call, configFrom, example, webhookIn } from '../support/webhook.ts'
import { depth } from '../support/depth.ts'

const marker = 'planted-1f6e'
const bodies = 20_000

/** Replaces one value somewhere in a document. */
const mutated = (document: Json, steps: readonly number[], value: Json): Json => {
  const [step, ...rest] = steps
  const keys = typeof document === 'object' && document !== null ? Object.keys(document) : []
  const key = keys[(step ?? 0) % Math.max(keys.length, 1)]
  if (step === undefined || key === undefined) return value
  const copy = Array.isArray(document) ? [...document] : { ...document }
  copy[key as never] = mutated(document[key], rest, value) as never
  return copy
}

const values = fc.oneof(
  fc.constantFrom<Json>(
    null,
    marker,
    [marker],
    { [marker]: marker },
    [{ name: marker }],
    0,
    true,
    '',
    [],
    {},
  ),
  fc.jsonValue(),
)

describe('any body', () => {
  it(`gets a JSON answer that quotes nothing of it where that is forbidden (${bodies} bodies)`, async () => {
    const documents = await Promise.all(
      ['plain', 'rich', 'spark-driver'].map(async (name) => JSON.parse(await example(name))),
    )
    const texts = documents.map((document) => JSON.stringify(document))
    const bodyOf = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(fc.constantFrom(...documents), fc.array(fc.nat(40), { minLength: 1, maxLength: 8 }), values)
          .map(([document, steps, value]) => JSON.stringify(mutated(document, steps, value))),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...texts), fc.nat(20_000), fc.string({ unit: 'binary', maxLength: 6 }))
          .map(
            ([text, at, piece]) =>
              text.slice(0, at % text.length) + piece + text.slice((at % text.length) + piece.length),
          ),
      },
      { weight: 1, arbitrary: fc.json().map((text) => text.replace('{', `{"${marker}":1,`)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
    )
    const webhooks = ['flyte1', 'flyte2'].map((profile) =>
      webhookIn({
        config: configFrom({ webhook: { secretManagerTypes: ['K8s', 'AWS'] }, function: { profile } }),
      }),
    )
    const seen = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(bodyOf, fc.constantFrom(...webhooks), async (body, { webhook, records }) => {
        const { status, json, body: text } = await call(webhook, body)
        seen.set(status, (seen.get(status) ?? 0) + 1)
        expect(records.pop()?.outcome).not.toBe('failed')
        expect([200, 400, 413]).toContain(status)
        expect(undocumentedIn(status, json)).toEqual([])
        expect(json.kind).toBe(status === 200 ? 'AdmissionReview' : 'Status')
        if (status !== 200) expect(text).not.toContain(marker)
      }),
      { numRuns: depth(bodies) },
    )
    // Proves that the bodies led to both kinds of answer.
    expect(seen.get(200)).toBeGreaterThan(depth(1000))
    expect(seen.get(400)).toBeGreaterThan(depth(1000))
  })
})
