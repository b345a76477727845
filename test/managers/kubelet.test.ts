import { describe, expect, it } from 'vitest'
import { expanded } from '../../lib/manager-testing/kubelet.ts'
import { environmentOf } from './kubelet.ts'

const from = (name: string, key: string, optional?: boolean) => ({
  valueFrom: { secretKeyRef: { name, key, ...(optional === undefined ? {} : { optional }) } },
})
const secrets = { db: { password: Buffer.from('p$(A)$$') } }

/** Some rows of Kubernetes' `third_party/forked/golang/expansion/expand_test.go`. */
describe('a text that the kubelet expands', () => {
  it.each([
    { text: '$(A)', result: 'a' },
    { text: '$$(A)', result: '$(A)' },
    { text: '$$$(A)', result: '$a' },
    { text: '$(B)', result: '$(B)' },
    { text: '$(constructor)', result: '$(constructor)' },
    { text: '$(A', result: '$(A' },
    { text: '$A ${A} $', result: '$A ${A} $' },
    { text: '$()', result: '$()' },
  ])('$text becomes $result', ({ text, result }) => {
    expect(expanded(text, { A: 'a' })).toBe(result)
  })
})

describe('the environment of a container', () => {
  it.each([
    {
      what: 'the last entry of a name',
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
      result: { A: '2' },
    },
    {
      what: 'a value expanded only with the variables before it',
      env: [
        { name: 'B', value: '$(A)' },
        { name: 'A', value: 'a' },
        { name: 'C', value: '$(A)' },
      ],
      result: { B: '$(A)', A: 'a', C: 'a' },
    },
    { what: 'nothing for an empty value', env: [{ name: 'A' }], result: { A: '' } },
    {
      what: 'an unchanged secret',
      env: [{ name: 'A', ...from('db', 'password') }],
      result: { A: 'p$(A)$$' },
    },
    {
      what: 'no variable for an optional reference without its target',
      env: [
        { name: 'A', ...from('db', 'none', true) },
        { name: 'B', ...from('none', 'none', true) },
      ],
      result: {},
    },
    {
      what: 'the earlier entry if a later, optional one is missing',
      env: [
        { name: 'A', value: '1' },
        { name: 'A', ...from('db', 'none', true) },
      ],
      result: { A: '1' },
    },
  ])('has $what', ({ env, result }) => {
    expect(environmentOf({ env }, { secrets })).toEqual(result)
  })

  it.each([from('db', 'none'), from('none', 'password', false)])(
    'is an error if a required reference has no target',
    (reference) => {
      expect(() => environmentOf({ env: [{ name: 'A', ...reference }] }, { secrets })).toThrow(
        'CreateContainerConfigError',
      )
    },
  )
})

describe('a variable from a file', () => {
  const read = (file: string | undefined, optional?: boolean) =>
    environmentOf(
      {
        env: [
          { name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'f.env', key: 'V', optional } } },
          { name: 'B', value: '$(A)' },
        ],
      },
      {
        secrets,
        fileIn: (volume, path) =>
          `${volume}/${path}` === 'v/f.env' && file !== undefined ? Buffer.from(file) : undefined,
      },
    )

  it.each([
    { what: 'without expansion', file: "V='$(HOME) $$ \\n \"'\n", is: '$(HOME) $$ \\n "' },
    { what: 'with its lines', file: "V='a\n# b\nV=c\n'\n", is: 'a\n# b\nV=c\n' },
    { what: 'among others', file: "W='w'\nV='v'\n", is: 'v' },
    {
      what: 'with a line as long as the kubelet reads',
      file: `V='${'x'.repeat(65_532)}\n'\n`,
      is: `${'x'.repeat(65_532)}\n`,
    },
  ])('is read $what', ({ file, is }) => {
    expect(read(file)).toEqual({ A: is, B: is })
  })

  it.each([
    { what: 'no quotes', file: 'V=v\n' },
    { what: 'a quote inside', file: "V='it's'\n" },
    { what: 'no line end', file: "V='v'" },
    { what: 'a comment', file: "V='v' # c\n" },
    { what: 'a Windows line end', file: "V='a\r\nb'\n" },
    { what: 'an overlong line', file: `V='${'x'.repeat(65_532)}'\n` },
  ])('keeps a container from starting if its file has $what', ({ file }) => {
    expect(() => read(file)).toThrow("couldn't parse env file")
  })

  it('keeps a container from starting if its file is missing, even if optional', () => {
    for (const optional of [false, true])
      expect(() => read(undefined, optional)).toThrow('there is no f.env in v')
  })

  it.each(["W='w'\n", "V=''\n"])('is left out if optional, and otherwise an error: %s', (file) => {
    expect(() => read(file)).toThrow('key V not found in file f.env')
    expect(read(file, true)).toEqual({ B: '$(A)' })
  })
})
