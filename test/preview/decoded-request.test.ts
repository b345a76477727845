import { describe, expect, it } from 'vitest'
import { decodeValues, valuesIn, valuesOf } from '../../infra/preview/decoded-request.ts'
import { example } from '../support/webhook.ts'

const myKey = 'nnsxsoraejwxsx2lmv3secq'
const asRead = { request: '/my_key', group: '', key: 'my_key', mount_requirement: 'ANY' }

describe('decoding annotations', () => {
  it('reads each value, and says what is wrong with a broken one and where', () => {
    expect(decodeValues(valuesOf([myKey, 'a9']))).toMatchObject([
      { annotation: 'value 1', ...asRead },
      { annotation: 'value 2', broken: expect.stringMatching(/not base32.*offset 1/) },
    ])
  })

  it.each([
    { what: 'one word', words: [`flyte.secrets/s0: ${myKey}`] },
    { what: 'two words', words: ['flyte.secrets/s0:', myKey] },
    { what: 'a line of JSON', words: [`"flyte.secrets/s0": "${myKey}",`] },
  ])('reads a whole line of a manifest: $what', ({ words }) => {
    expect(decodeValues(valuesOf(words))).toMatchObject([{ annotation: 'flyte.secrets/s0', ...asRead }])
  })

  it('says what is wrong with a line whose value is broken', () => {
    const broken = [{ annotation: 'flyte.secrets/s0', broken: expect.stringContaining('not base32') }]
    expect(decodeValues(valuesIn('flyte.secrets/s0: a9\n'))).toMatchObject(broken)
    expect(decodeValues(valuesOf(['flyte.secrets/s0: a9']))).toMatchObject(broken)
  })

  it.each([
    { what: 'values', text: `${myKey}\n${myKey}\n`, names: ['value 1', 'value 2'] },
    { what: 'lines of encode', text: `flyte.secrets/s0: ${myKey}\n`, names: ['flyte.secrets/s0'] },
    { what: 'lines of a pod', text: `    flyte.secrets/s3: "${myKey}"\n`, names: ['flyte.secrets/s3'] },
    {
      what: 'the relevant annotations of a pod',
      text: `kind: Pod\nmetadata:\n  annotations:\n    other: x\n    flyte.secrets/sx: ${myKey}\n`,
      names: ['flyte.secrets/sx'],
    },
  ])('reads $what from a text', ({ text, names }) => {
    expect(decodeValues(valuesIn(text))).toMatchObject(names.map((annotation) => ({ annotation, ...asRead })))
  })

  it('reads the pod of an AdmissionReview', async () => {
    expect(decodeValues(valuesIn(await example('plain')))).toMatchObject([
      { annotation: 'flyte.secrets/s0', request: 'db-creds/password' },
    ])
  })

  it('refuses a pod without requests', () => {
    expect(() => valuesIn('kind: Pod\n')).toThrow('has no annotation flyte.secrets/s')
  })
})
