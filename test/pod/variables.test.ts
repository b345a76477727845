import { describe, expect, it } from 'vitest'
import type { NonEmpty } from '../../lib/errors.ts'
import { allWritten } from '../../lib/pod/env-files.ts'
import { isSameEnvVar, type Placing, placedVariables, reconcileVariables } from '../../lib/pod/variables.ts'
import type { Source } from '../../lib/manager-kit/wants.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import type { Json } from '../support/pods.ts'
import { applied, containerWith, podWith } from './pods.ts'

const by = ['flyte.secrets/s0'] as const
const literal = (text: string): Source => ({ kind: 'literal', value: new SecretValue(text) })
const reference = (name: string, key: string): Source => ({ kind: 'secretKeyRef', name, key })
const entry = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key, optional: true } },
})

/** Adds variables to a container. Returns its `env`, the operations and the meetings. */
const envAfter = (
  placing: Placing,
  env: Json,
  ...variables: [name: string, ...sources: NonEmpty<Source>][]
) => {
  const { placed, refusals } = placedVariables(variables.map(([name, ...sources]) => ({ name, sources, by })))
  expect(refusals).toEqual([])
  const { operations, meetings } = reconcileVariables(containerWith({ env }), {
    placed,
    placing,
    unwritten: allWritten,
  })
  return { env: applied(podWith({ env }), operations).spec.containers[0].env, operations, meetings }
}

describe('variables of secrets', () => {
  it('are written as plain values with every $ doubled, or as optional references', () => {
    expect(envAfter('append', [], ['A', literal('$(B) $$')], ['R', reference('db', 'k')]).env).toEqual([
      { name: 'A', value: '$$(B) $$$$' },
      entry('R', 'db', 'k'),
    ])
  })

  it('have an entry for each source, in order', () => {
    expect(envAfter('append', [], ['R', reference('org', 'k'), reference('project', 'k')]).env).toEqual([
      entry('R', 'org', 'k'),
      entry('R', 'project', 'k'),
    ])
  })

  const own = { name: 'OWN', value: '$(A)' }
  const [a, b] = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ]
  it.each([
    { placing: 'append', env: [own], after: [own, a, b] },
    { placing: 'append', env: undefined, after: [a, b] },
    { placing: 'append', env: null, after: [a, b] },
    { placing: 'prepend-and-replace', env: [own], after: [a, b, own] },
    { placing: 'prepend-and-replace', env: undefined, after: [a, b] },
  ] as const)('are placed by $placing into $env', ({ placing, env, after }) => {
    expect(envAfter(placing, env, ['A', literal('1')], ['B', literal('2')]).env).toEqual(after)
  })

  it.each(['append', 'prepend-and-replace'] as const)(
    'need no change if they exist already (%s)',
    (placing) => {
      const env = [
        { name: 'EMPTY' },
        own,
        { name: 'A', value: '1', valueFrom: null },
        entry('R', 'x', 'k'),
        entry('R', 'y', 'k'),
      ]
      const after = envAfter(
        placing,
        env,
        ['A', literal('1')],
        ['EMPTY', literal('')],
        ['R', reference('x', 'k'), reference('y', 'k')],
      )
      expect(after).toMatchObject({ operations: [], meetings: [] })
    },
  )

  it("leave the container's variables of that name if appended, and say so", () => {
    expect(envAfter('append', [a, own], ['A', literal('other')], ['B', literal('2')])).toMatchObject({
      env: [a, own, b],
      meetings: [{ variable: 'A', container: 'main', outcome: 'kept' }],
    })
  })

  it.each([
    { what: 'one of several entries', env: [entry('R', 'x', 'k')] },
    { what: 'other entries, one of them the same', env: [entry('R', 'x', 'k'), entry('R', 'other', 'k')] },
    { what: 'the entries in another order', env: [entry('R', 'y', 'k'), entry('R', 'x', 'k')] },
  ])('count as missing if the container has $what', ({ env }) => {
    const after = envAfter('append', env, ['R', reference('x', 'k'), reference('y', 'k')])
    expect(after.meetings).toMatchObject([{ variable: 'R', outcome: 'kept' }])
  })

  it('replace every entry of that name in the container if they come first, and say so', () => {
    const after = envAfter(
      'prepend-and-replace',
      [a, own, a, { name: 'C' }, b],
      ['A', literal('1')],
      ['B', literal('3')],
    )
    expect(after).toMatchObject({
      env: [a, { name: 'B', value: '3' }, own, { name: 'C' }],
      meetings: [
        { variable: 'A', container: 'main', outcome: 'replaced' },
        { variable: 'B', container: 'main', outcome: 'replaced' },
      ],
    })
  })

  it('replace the only entry', () => {
    expect(envAfter('prepend-and-replace', [b], ['B', literal('3')]).env).toEqual([{ name: 'B', value: '3' }])
  })

  it('are refused if Kubernetes or Linux does not allow them, for each reason', () => {
    const { refusals } = placedVariables([
      { name: 'A=B', sources: [literal('hunter2\0'), reference('s', 'k')], by },
      { name: 'FINE', sources: [reference('s', 'k')], by: ['flyte.secrets/s1'] },
    ])
    expect(refusals).toEqual([
      { by, what: 'variable A=B', why: expect.stringContaining('ValidateEnv') },
      { by, what: 'variable A=B', why: expect.stringContaining('NUL') },
    ])
  })
})

describe('an entry', () => {
  const plain = { name: 'A', value: 'v' }
  const ref = entry('A', 's', 'k')
  const refOf = (secretKeyRef: object) => ({ name: 'A', valueFrom: { secretKeyRef } })
  it.each([
    { there: plain, desired: plain },
    { there: { name: 'A' }, desired: { name: 'A', value: '' } },
    { there: { name: 'A', value: 'v', valueFrom: null }, desired: plain },
    { there: { ...ref, aFieldOfTheFuture: 1 }, desired: ref },
  ])('$there matches $desired', ({ there, desired }) => {
    expect(isSameEnvVar(there, desired)).toBe(true)
  })

  it.each([
    { there: undefined, desired: plain },
    { there: undefined, desired: ref },
    { there: { name: 'A', value: 'w' }, desired: plain },
    { there: { name: 'A' }, desired: plain },
    { there: { name: 'A', valueFrom: { fieldRef: {} } }, desired: { name: 'A', value: '' } },
    { there: plain, desired: ref },
    { there: ref, desired: plain },
    { there: { name: 'A', valueFrom: { secretKeyRef: null } }, desired: ref },
    { there: refOf({ name: 'x', key: 'k', optional: true }), desired: ref },
    { there: refOf({ name: 's', key: 'x', optional: true }), desired: ref },
    { there: refOf({ name: 's', key: 'k' }), desired: ref },
    { there: refOf({ name: 's', key: 'k', optional: false }), desired: ref },
  ])('$there does not match $desired', ({ there, desired }) => {
    expect(isSameEnvVar(there, desired)).toBe(false)
  })
})
