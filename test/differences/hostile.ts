import fc from 'fast-check'
import { pods } from '../support/arbitrary-pods.ts'
import { reviewOf } from '../support/webhook.ts'

/** Texts for the search for managedFields: complete lists, broken lists, and lookalikes. */
const fragments = fc.oneof(
  fc.constantFrom(
    ',"managedFields":[]',
    ',"managedFields":[{"manager":"a","fieldsV1":{"f:metadata":{".":{},"k:{\\"name\\":\\"]\\"}":{}}}}]',
    ',"managedFields":[[1]]',
    ',"managedFields":["',
    ',"managedFields":[}]',
    ',\\"managedFields\\":[]',
    '"managedFields":',
    ']',
    '"',
    '\\',
    '\u0000',
    '{',
    ',',
  ),
  fc.string({ maxLength: 5 }),
)

const cutAt = fc.double({ min: 0, max: 1, noNaN: true })

/** Reviews with inserted fragments, with cuts, or truncated. */
export const hostile: fc.Arbitrary<string> = fc
  .tuple(
    pods.map((pod) => reviewOf(pod)),
    fc.array(fc.tuple(cutAt, fragments, fc.nat(3)), { minLength: 1, maxLength: 4 }),
    fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: cutAt }),
  )
  .map(([review, edits, end]) => {
    const edited = edits.reduce((text, [place, fragment, cut]) => {
      // An edit next to a comma more often hits a place that matters.
      const from = text.indexOf(',', Math.floor(place * text.length))
      const at = from < 0 ? text.length : from
      return text.slice(0, at) + fragment + text.slice(at + cut)
    }, review)
    return edited.slice(0, Math.floor(end * edited.length))
  })
