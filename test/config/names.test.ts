import { describe, expect, test } from 'vitest'
import { closestName, listNames } from '../../lib/config/wording.ts'
import { formatPath, isOnPath } from '../../lib/yaml/path.ts'
import { isAnnotationKey, isLabelValue, isQualifiedName } from '../../lib/kubernetes-names.ts'

describe('a qualified name', () => {
  const cases = [
    { name: 'a', is: true },
    { name: 'A-b_c.d9', is: true },
    { name: 'vault.hashicorp.com/role', is: true },
    { name: 'n'.repeat(63), is: true },
    { name: `${'d'.repeat(253)}/n`, is: true },
    { name: '', is: false },
    { name: '/a', is: false },
    { name: 'a/', is: false },
    { name: 'a/b/c', is: false },
    { name: '-a', is: false },
    { name: 'a-', is: false },
    { name: 'a b', is: false },
    { name: 'Upper.example/a', is: false },
    { name: 'a..b/c', is: false },
    { name: 'é', is: false },
    { name: 'a\n', is: false },
    { name: 'n'.repeat(64), is: false },
    { name: `${'d'.repeat(254)}/n`, is: false },
  ]
  test.each(cases)('"$name": $is', ({ name, is }) => {
    expect(isQualifiedName(name)).toBe(is)
  })

  test('can have a domain in capitals if it is the key of an annotation', () => {
    expect(isAnnotationKey('Upper.example/a')).toBe(true)
    expect(isAnnotationKey('a b/a')).toBe(false)
  })

  test('is also the form of a label value, which can be empty but has no domain', () => {
    expect(['', 'a', 'a/b', 'a-'].map(isLabelValue)).toEqual([true, true, false, false])
  })
})

describe('the closest name', () => {
  const names = ['Global', 'K8s', 'AWS', 'GCP', 'Azure', 'Vault', 'Embedded']
  const cases = [
    { written: 'k9s', closest: 'K8s' },
    { written: 'Valut', closest: 'Vault' },
    { written: 'embeded', closest: 'Embedded' },
    { written: 'GLOBEL', closest: 'Global' },
    { written: 'S3', closest: undefined },
    { written: 'Vlt', closest: 'Vault' },
    { written: 'service', closest: undefined },
    { written: 'Embroiled', closest: undefined },
    { written: 'Confidant', closest: undefined },
    { written: '', closest: undefined },
  ]
  test.each(cases)('to $written is $closest', ({ written, closest }) => {
    expect(closestName(written, names)).toBe(closest)
  })

  test('is one of a list that reads like a sentence', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listNames)).toEqual(['', 'a', 'a or b', 'a, b or c'])
  })
})

describe('a path', () => {
  const cases = [
    { path: [], written: '' },
    { path: ['webhook', 'metrics-prefix'], written: 'webhook.metrics-prefix' },
    { path: ['webhook', 'secretManagerTypes', 1], written: 'webhook.secretManagerTypes[1]' },
    { path: ['a', 'x.io/y', 'z'], written: 'a["x.io/y"].z' },
    { path: ['a', '\u001b[2J"\n'], written: 'a["\\u001b[2J\\"\\n"]' },
    { path: ['é\u009b😀'], written: '["\\u{e9}\\u{9b}\\u{1f600}"]' },
  ]
  test.each(cases)('is written $written', ({ path, written }) => {
    expect(formatPath(path)).toBe(written)
  })

  test('is on another if one begins with the other', () => {
    expect(isOnPath(['a'], ['a', 'b'])).toBe(true)
    expect(isOnPath(['a', 'b'], ['a'])).toBe(true)
    expect(isOnPath([], ['a'])).toBe(true)
    expect(isOnPath(['a', 'b'], ['a', 'c'])).toBe(false)
    expect(isOnPath(['a', 0], ['a', 1])).toBe(false)
  })
})
