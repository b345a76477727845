import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChangeBuilder, type Part } from '../../lib/pod/change.ts'
import { add, type Operation, remove } from '../../lib/pod/json-patch.ts'

const by = ['flyte.secrets/s0'] as const
const mebibyte = 1024 * 1024
const tooLarge = { by, what: 'the patch', why: 'it would be larger than 1048576 bytes' }
const refusal = { by: ['flyte.secrets/s1'], what: 'variable A', why: 'no' } as const
const meeting = { variable: 'A', container: 'main', outcome: 'kept' } as const

/** Builds a change from parts. Also returns which parts it accepted. */
const built = (...parts: Part[]) => {
  const change = new ChangeBuilder()
  return { taken: parts.map((part) => change.take(part)), result: change.build(by) }
}

describe('a change', () => {
  it('has the operations and meetings of its parts in order', () => {
    const [first, second] = [add('/a', 1), remove('/b')]
    const { taken, result } = built({ operations: [first], meetings: [meeting] }, { operations: [second] })
    expect(taken).toEqual([true, true])
    expect(result).toEqual({
      kind: 'ok',
      value: {
        patch: JSON.stringify([first, second]),
        operations: 2,
        patchBytes: expect.any(Number),
        meetings: [meeting],
      },
    })
  })

  it('has no patch if nothing changes', () => {
    expect(built({ operations: [] }).result).toEqual({
      kind: 'ok',
      value: { patch: undefined, operations: 0, patchBytes: 0, meetings: [] },
    })
  })

  it('gives the bytes of its patch, or a few more for each operation', () => {
    const operations = [add('/spec/volumes', [{ name: 'ü'.repeat(1000) }]), remove('/a'), add('/b', '€')]
    const { result } = built({ operations })
    const bytes = Buffer.byteLength(JSON.stringify(operations))
    expect(result.kind === 'ok' && result.value.patchBytes).toBeGreaterThanOrEqual(bytes)
    expect(result.kind === 'ok' && result.value.patchBytes).toBeLessThan(bytes + 3 * 20)
  })

  it('ends with the value that makes its patch too large, also within an operation', () => {
    const never = {
      toJSON: () => {
        throw new Error('it is written')
      },
    }
    const { taken, result } = built({ operations: [add('/env', ['x'.repeat(mebibyte), never])] })
    expect({ taken, result }).toEqual({ taken: [false], result: { kind: 'refused', refusals: [tooLarge] } })
  })

  it('is written like JSON.stringify, also if a value occurs several times', () => {
    const value = { name: 'A', value: '"\\\u2028é' }
    const operations = fc.array(
      fc.oneof(
        fc.tuple(fc.string(), fc.jsonValue()).map(([path, json]) => add(path, json)),
        fc.string().map((path) => add(path, [value, [value], value])),
        fc.string().map(remove),
      ),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(operations, (some) => {
        const { result } = built({ operations: some })
        expect(result.kind === 'ok' && result.value.patch).toBe(JSON.stringify(some))
      }),
    )
  })

  it('is refused for every reason of its parts', () => {
    const { taken, result } = built(
      { operations: [add('/a', 1)], refusals: [refusal] },
      { operations: [], refusals: [refusal] },
    )
    expect(taken).toEqual([true, true])
    expect(result).toEqual({ kind: 'refused', refusals: [refusal, refusal] })
  })
})

describe('the bounds of a change', () => {
  const removals = (count: number): Operation[] => Array.from({ length: count }, () => remove('/a'))
  it('are 20,000 operations', () => {
    expect(built({ operations: removals(20_000) })).toMatchObject({ taken: [true], result: { kind: 'ok' } })
    expect(built({ operations: removals(20_000), refusals: [refusal] }, { operations: removals(1) })).toEqual(
      {
        taken: [true, false],
        result: {
          kind: 'refused',
          refusals: [refusal, { by, what: 'the patch', why: 'it would have more than 20000 operations' }],
        },
      },
    )
  })

  it.each([
    { what: 'a text', valueOf: (size: number) => 'v'.repeat(size) },
    { what: 'a text beyond ASCII', valueOf: (size: number) => 'é'.repeat(size / 2) },
    { what: 'an object', valueOf: (size: number) => ({ name: 'A', value: 'v'.repeat(size - 23) }) },
    {
      what: 'a list',
      valueOf: (size: number) => [{ name: 'v'.repeat(size / 2) }, 'v'.repeat(size / 2 - 20), null],
    },
  ])('are one mebibyte, counted in bytes of JSON, for $what', ({ valueOf }) => {
    expect(built({ operations: [add('/a', valueOf(mebibyte - 100))] })).toMatchObject({
      taken: [true],
      result: { kind: 'ok' },
    })
    expect(built({ operations: [add('/a', valueOf(mebibyte))] })).toEqual({
      taken: [false],
      result: { kind: 'refused', refusals: [tooLarge] },
    })
  })

  it('count a value each time it occurs in the patch', () => {
    const value = { name: 'A', value: 'v'.repeat(mebibyte / 4) }
    const operation = add('/a', value)
    expect(built({ operations: [operation, operation, operation] }).taken).toEqual([true])
    expect(built({ operations: [operation, operation, operation, operation] }).taken).toEqual([false])
  })

  it('count paths as well', () => {
    expect(built({ operations: [remove('/'.repeat(mebibyte))] }).taken).toEqual([false])
  })

  it('are 1,000 refusals, none of which is lost', () => {
    const refusals = (count: number) => Array.from({ length: count }, () => refusal)
    expect(built({ operations: [], refusals: refusals(1000) }).taken).toEqual([true])
    const { taken, result } = built(
      { operations: [], refusals: refusals(1000) },
      { operations: [], refusals: [refusal] },
    )
    expect(taken).toEqual([true, false])
    expect(result.kind === 'refused' && result.refusals).toHaveLength(1001)
  })

  it('stop the work once they are exceeded', () => {
    const later = {
      op: 'add',
      path: '/later',
      get value(): never {
        throw new Error('read')
      },
    } as const
    expect(built({ operations: [add('/a', 'v'.repeat(mebibyte)), later] }).taken).toEqual([false])
  })

  it('never underestimate a patch', () => {
    const values = fc.jsonValue()
    const operations = fc.array(fc.tuple(fc.stringMatching(/^[a-z/]{0,30}$/), values), {
      minLength: 1,
      maxLength: 20,
    })
    fc.assert(
      fc.property(operations, (some) => {
        const made = some.map(([path, value]) => add(path, value))
        const size = JSON.stringify(made).length
        const filler = add('/filler', 'v'.repeat(mebibyte - size))
        expect(built({ operations: [...made, filler] }).taken).toEqual([false])
      }),
    )
  })
})
