import { describe, expect, it } from 'vitest'
import { createMask } from '../../infra/preview/mask.ts'
import type { Traced } from '../../lib/managers/lookup.ts'
import type { Want } from '../../lib/manager-kit/wants.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import { requestOf } from '../../lib/manager-testing/samples.ts'

const served = (...wants: readonly [Want, ...Want[]]): Traced => ({
  request: requestOf({ group: 'db', key: 'password' }),
  asked: [{ manager: 'Embedded', said: { kind: 'found', wants } }],
})
const variable = (name: string, value: string | SecretValue): Want => ({
  kind: 'variable',
  name,
  sources: [{ kind: 'literal', value }],
})
const fetch = (name: string, value: string | SecretValue): Want => ({
  kind: 'fetch',
  identity: 'i',
  name: 'v',
  mountPath: '/m',
  step: { env: [{ name, value }] },
})

describe('the mask of a preview', () => {
  it.each([
    {
      what: 'a variable of any name with a secret value',
      want: variable('ODD', new SecretValue('s')),
      shown: false,
    },
    {
      what: 'a variable of an init container with a secret value',
      want: fetch('ODD', new SecretValue('s')),
      shown: false,
    },
    {
      what: 'a variable that refers to a Secret, if the pod has a value',
      want: {
        kind: 'variable',
        name: 'ODD',
        sources: [{ kind: 'secretKeyRef', name: 'n', key: 'k' }],
      } as const,
      shown: false,
    },
    {
      what: 'a variable of an init container that refers to a Secret, if the pod has a value',
      want: {
        kind: 'fetch',
        identity: 'i',
        name: 'v',
        mountPath: '/m',
        step: { env: [{ name: 'ODD', valueFrom: { secretKeyRef: { name: 'n', key: 'k' } } }] },
      } as const,
      shown: false,
    },
    { what: 'a variable of plain text', want: variable('ODD', 's'), shown: true },
    { what: 'a variable of an init container with plain text', want: fetch('ODD', 's'), shown: true },
  ])('handles $what', ({ want, shown }) => {
    const entry = { name: 'ODD', value: 's' }
    const mask = createMask({}, [served(want)], '_FSEC_')
    expect(mask([{ op: 'add', path: '/x', value: [entry] }])).toEqual([
      { op: 'add', path: '/x', value: [{ ...entry, value: shown ? 's' : '[redacted]' }] },
    ])
  })

  it('shows a text that the webhook writes, and hides any other value of the same variable', () => {
    const mask = createMask({}, [served(variable('_FSEC_PATH', '/a$b'))], '_FSEC_')
    expect(mask({ name: '_FSEC_PATH', value: '/a$$b' })).toEqual({ name: '_FSEC_PATH', value: '/a$$b' })
    expect(mask({ name: '_FSEC_PATH', value: 's' })).toEqual({ name: '_FSEC_PATH', value: '[redacted]' })
  })

  it('leaves everything else unchanged', () => {
    const pod = { b: [1, null, { name: 'x' }], a: { name: 'OWN', value: 'v' }, c: { value: 's' } }
    expect(JSON.stringify(createMask(pod, [], '_FSEC_')(pod))).toBe(JSON.stringify(pod))
  })
})
