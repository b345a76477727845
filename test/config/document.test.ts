import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../lib/config/document.ts'

describe('a document', () => {
  test('gives plain data and the lines of its keys and items', () => {
    const document = readDocument('# comment\na:\n  b: 1\n  c:\n    - x\n    -\n\n    - {d: true}\n')
    expect(document.value).toEqual({ a: { b: 1, c: ['x', null, { d: true }] } })
    expect(document.flaws).toEqual([])
    const lines = [['a'], ['a', 'b'], ['a', 'c'], ['a', 'c', 0], ['a', 'c', 1], ['a', 'c', 2, 'd']].map(
      (path) => document.lineOf(path),
    )
    expect(lines).toEqual([2, 3, 4, 5, 6, 8])
  })

  test('gives the line of what is around a key that is not there', () => {
    const document = readDocument('# comment\na:\n  b:\n    c: 1\n')
    expect(document.lineOf(['a', 'b', 'x', 'y'])).toBe(3)
    expect(document.lineOf(['x'])).toBe(2)
  })

  const empty = ['', '\n', '# only a comment\n', '---\n', '---\n...\n', '~', '\ufeff'].map((text) => ({
    text,
  }))
  test.each(empty)('that is empty, $text, has the value null and no flaw', ({ text }) => {
    const { value, flaws } = readDocument(text)
    expect({ value, flaws }).toEqual({ value: null, flaws: [] })
  })

  test('is YAML 1.2: yes and 0777 are not what they were in 1.1', () => {
    expect(readDocument('a: yes\nb: 0777\nc: 0o17\n1: x').value).toEqual({
      a: 'yes',
      b: 777,
      c: 15,
      '1': 'x',
    })
  })

  test('unfolds aliases, and says of each use where it stands', () => {
    const document = readDocument('a: &x\n  k: 1\nb: *x\n')
    expect(document.value).toEqual({ a: { k: 1 }, b: { k: 1 } })
    expect(document.flaws).toEqual([])
  })
})

describe('a flaw', () => {
  const cases = [
    { about: 'an unclosed bracket', text: 'a: [1\nb: 2', line: 2, path: [], says: 'not closed' },
    { about: 'an unclosed quote', text: 'a: 1\nb: "x', line: 2, path: [], says: 'quote' },
    { about: 'a tab', text: 'a:\n\t- b', line: 2, path: [], says: 'tab' },
    { about: 'two keys in a line', text: 'a: b: c', line: 1, path: [], says: 'two keys' },
    { about: 'two documents', text: 'a: 1\n---\nb: 2', line: 2, path: [], says: 'second document' },
    { about: 'an unknown tag', text: 'a: 1\nb: !secret x', line: 2, path: [], says: 'tag' },
    { about: 'a key that is a list', text: '? [a]\n: b', line: 1, path: [], says: 'no plain text' },
    { about: 'too deep a nesting', text: '['.repeat(100_000), line: 1, path: [], says: 'too deep' },
    {
      about: 'a key that stands twice',
      text: 'a:\n  b: 1\n  b: 2',
      line: 3,
      path: ['a', 'b'],
      says: 'twice',
    },
    {
      about: 'the key __proto__',
      text: 'a:\n  __proto__: {b: 1}',
      line: 2,
      path: ['a', '__proto__'],
      says: 'no key',
    },
    { about: 'an alias to nothing', text: 'a: 1\nb: *x', line: 2, path: ['b'], says: 'anchor' },
    { about: 'an alias to itself', text: 'a: &x [*x]', line: 1, path: [], says: 'aliases' },
  ]
  test.each(cases)('$about is one, with its line', ({ text, line, path, says }) => {
    expect(readDocument(text).flaws).toContainEqual({ path, line, message: expect.stringContaining(says) })
  })

  test('is reported once where a bomb of aliases would unfold to billions of values', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i}: &l${i} [${i ? `*l${i - 1},`.repeat(10) : 'x'}]`,
    )
    const before = performance.now()
    const { flaws } = readDocument(levels.join('\n'))
    expect(flaws.map(({ message }) => message)).toEqual([expect.stringContaining('10000 values')])
    expect(performance.now() - before).toBeLessThan(5000)
  })

  test('is reported once a line, not once a bracket', () => {
    const { flaws } = readDocument('['.repeat(100_000))
    expect(new Set(flaws.map(({ message }) => message)).size).toBe(flaws.length)
  })

  test('never quotes the text', () => {
    const broken = [
      'a: [hunter2',
      'a: "hunter2',
      'hunter2: hunter2: x',
      '- hunter2\nhunter2',
      'a: !hunter2 x',
      'a: *hunter2',
      '"\\hunter2"',
      '%hunter2\n---\na: @hunter2',
    ]
    for (const text of broken) {
      const { flaws } = readDocument(text)
      expect(flaws, text).not.toEqual([])
      expect(JSON.stringify(flaws)).not.toContain('hunter2')
    }
  })
})

test('any text is read without an exception', () => {
  const fragment = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '- ',
    '&x',
    '*x',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '!',
    '%',
    '#',
    '\t',
    '? ',
    ',',
    '~',
    '__proto__',
  )
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
      const { flaws } = readDocument(fragments.join(''))
      expect(flaws.every(({ line }) => line >= 1)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('__proto__ changes no prototype', () => {
  const { value } = readDocument(
    '__proto__: {polluted: true}\na: {__proto__: {polluted: true}, constructor: {prototype: {polluted: true}}}',
  )
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
})
