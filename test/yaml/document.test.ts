import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDocument } from '../../lib/yaml/document.ts'
import type { Path } from '../../lib/yaml/path.ts'

describe('a document', () => {
  test.each(['a: 1\n---\n', 'a: 1\n---', '---\na: 1\n---  \n\n'])(
    'can be followed by an empty one: %j',
    (text) => {
      expect(readDocument(text)).toMatchObject({ value: { a: 1 }, flaws: [] })
    },
  )

  test('returns plain data and the lines of its keys and items', () => {
    const document = readDocument('# comment\na:\n  b: 1\n  c:\n    - x\n    -\n\n    - {d: true}\n')
    expect(document.value).toEqual({ a: { b: 1, c: ['x', null, { d: true }] } })
    expect(document.flaws).toEqual([])
    const lines = [['a'], ['a', 'b'], ['a', 'c'], ['a', 'c', 0], ['a', 'c', 1], ['a', 'c', 2, 'd']].map(
      (path) => document.lineOf(path),
    )
    expect(lines).toEqual([2, 3, 4, 5, 6, 8])
  })

  test('returns the line of the parent of a missing key', () => {
    const document = readDocument('# comment\na:\n  b:\n    c: 1\n')
    expect(document.lineOf(['a', 'b', 'x', 'y'])).toBe(3)
    expect(document.lineOf(['x'])).toBe(2)
  })

  const empty = ['', '\n', '# only a comment\n', '---\n', '---\n...\n', '~', '\ufeff'].map((text) => ({
    text,
  }))
  test.each(empty)('that is empty, $text, has the value null and no flaws', ({ text }) => {
    const { value, flaws } = readDocument(text)
    expect({ value, flaws }).toEqual({ value: null, flaws: [] })
  })

  test('is YAML 1.2: yes and 0777 differ from 1.1', () => {
    expect(readDocument('a: yes\nb: 0777\nc: 0o17\n1: x').value).toEqual({
      a: 'yes',
      b: 777,
      c: 15,
      '1': 'x',
    })
  })

  test('unfolds aliases', () => {
    const document = readDocument('a: &x\n  k: 1\nb: *x\n')
    expect(document.value).toEqual({ a: { k: 1 }, b: { k: 1 } })
    expect(document.flaws).toEqual([])
  })
})

const withoutLoader = (text: string) => {
  const { value, flaws } = readDocument(text)
  return { value, flaws }
}

describe('a merge key', () => {
  const cases = [
    {
      what: 'takes the keys of another mapping',
      text: 'x: &x {a: 1, b: {c: 2}}\ny:\n  <<: *x',
      y: { a: 1, b: { c: 2 } },
    },
    { what: 'loses to keys after it', text: 'x: &x {a: 1, b: 1}\ny:\n  <<: *x\n  b: 2', y: { a: 1, b: 2 } },
    { what: 'loses to keys before it', text: 'x: &x {a: 1, b: 1}\ny:\n  b: 2\n  <<: *x', y: { a: 1, b: 2 } },
    {
      what: 'does not merge deeper',
      text: 'x: &x {b: {c: 1, d: 1}}\ny: {b: {c: 2}, <<: *x}',
      y: { b: { c: 2 } },
    },
    {
      what: 'takes a list, the first of which wins',
      text: 'x: &x {a: 1}\nz: &z {a: 2, b: 2}\ny: {<<: [*x, *z]}',
      y: { a: 1, b: 2 },
    },
    {
      what: 'follows the merge keys of merged mappings',
      text: 'x: &x {a: 1}\nz: &z {<<: *x, b: 2}\ny: {<<: *z}',
      y: { a: 1, b: 2 },
    },
    { what: 'accepts an inline mapping', text: 'y: {<<: {a: 1}}', y: { a: 1 } },
    { what: 'takes the same mapping twice', text: 'x: &x {a: 1}\ny: {<<: [*x, *x]}', y: { a: 1 } },
    { what: 'is a key like any other in quotes', text: 'y: {"<<": {a: 1}}', y: { '<<': { a: 1 } } },
  ]
  test.each(cases)('$what', ({ text, y }) => {
    expect(withoutLoader(text)).toEqual({ value: expect.objectContaining({ y }), flaws: [] })
  })

  test('gives each key its own line', () => {
    const document = readDocument('x: &x\n  a: 1\ny:\n  b: 2\n  <<: *x\n')
    expect([['y'], ['y', 'a'], ['y', 'b']].map((path) => document.lineOf(path))).toEqual([3, 2, 4])
  })

  const wrong = [
    { what: 'a text', text: 'y:\n  <<: x', says: 'must be an alias' },
    { what: 'nothing', text: 'y:\n  <<:', says: 'must be an alias' },
    { what: 'an alias to nothing', text: 'y:\n  <<: *x', says: 'must be an alias' },
    { what: 'an alias of a list', text: 'x: &x [a]\ny: {<<: *x}', says: 'must be an alias' },
    { what: 'a list with something else', text: 'x: &x {}\ny: {<<: [*x, 1]}', says: 'must be an alias' },
    { what: 'a second merge key', text: 'x: &x {}\ny:\n  <<: *x\n  <<: *x', says: 'duplicate key' },
  ]
  test.each(wrong)('cannot be $what', ({ text, says }) => {
    const line = text.split('\n').length
    expect(readDocument(text).flaws).toEqual([
      { path: ['y', '<<'], line, message: expect.stringContaining(says) },
    ])
  })

  test('of a mapping that merges itself ends', () => {
    expect(withoutLoader('x: &x {a: 1, <<: *x}').value).toEqual({ x: { a: 1 } })
  })

  test('is reported if mappings merge each other to billions of keys', () => {
    const wide = Array.from(
      { length: 60 },
      (_, i) => `m${i}: &m${i} {k${i}: 1, <<: [${i ? `*m${i - 1},`.repeat(10) : '{}'}]}`,
    )
    const before = performance.now()
    expect(readDocument(wide.join('\n')).flaws[0]?.message).toContain('merges more than')
    expect(performance.now() - before).toBeLessThan(5000)
  })

  const mapping = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(9))
  test('gives own keys precedence, then those of earlier mappings', () => {
    fc.assert(
      fc.property(
        mapping,
        fc.array(mapping, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (own, merged, first) => {
          const anchors = merged.map((each, i) => `m${i}: &m${i} ${JSON.stringify(each)}`)
          const merge = `<<: [${merged.map((_, i) => `*m${i}`).join(', ')}]`
          const pairs = Object.entries(own).map(([key, value]) => `${key}: ${value}`)
          const text = [
            ...anchors,
            `y: {${(first ? [merge, ...pairs] : [...pairs, merge]).join(', ')}}`,
          ].join('\n')
          const expected = Object.assign({}, ...merged.toReversed(), own)
          expect(withoutLoader(text)).toEqual({ value: expect.objectContaining({ y: expected }), flaws: [] })
        },
      ),
    )
  })
})

describe('a duplicate section', () => {
  const read = (text: string) => {
    const document = readDocument(text)
    const { value, flaws, notices } = document
    return {
      value,
      flaws,
      lineOf: (path: Path) => document.lineOf(path),
      notices: notices.map(({ path, line, message }) => `${line} ${path.join('.')} ${message}`),
    }
  }
  const merged = 'the two are merged, as Flyte merges a section from several files'

  test('is merged, and what the later one overrides is reported', () => {
    const { value, flaws, notices } = read(
      's:\n  a: 1\n  m: {x: 1, y: 1}\n  l: [1]\ns:\n  a: 2\n  b: 3\n  m: {y: 2}\n  l: [2]\n',
    )
    expect(value).toEqual({ s: { a: 2, b: 3, m: { x: 1, y: 2 }, l: [2] } })
    expect(flaws).toEqual([])
    expect(notices).toEqual([
      `5 s also in line 1: ${merged}`,
      '6 s.a overrides line 2, because it comes later',
      '8 s.m.y overrides line 3, because it comes later',
      '9 s.l overrides line 4, because it comes later',
    ])
  })

  test('overrides nothing if it is equal or empty', () => {
    const { value, notices } = read('s: {a: 1, m: {x: 1}}\ns:\n  a: 1\n  m:\ns:\n')
    expect(value).toEqual({ s: { a: 1, m: { x: 1 } } })
    expect(notices).toEqual([`2 s also in line 1: ${merged}`, `5 s also in line 2: ${merged}`])
  })

  test('gives each key the line of the value that wins', () => {
    const { lineOf } = read('s:\n  a: 1\n  b: 1\ns:\n  b: 2\n')
    expect(
      [
        ['s', 'a'],
        ['s', 'b'],
      ].map(lineOf),
    ).toEqual([2, 5])
  })

  test('is an error below the top level', () => {
    expect(read('s: {t: {a: 1}, t: {b: 1}}').flaws).toEqual([
      { path: ['s', 't'], line: 1, message: expect.stringContaining('duplicate') },
    ])
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
    { about: 'a key that is a list', text: '? [a]\n: b', line: 1, path: [], says: 'not plain text' },
    { about: 'too deep a nesting', text: '['.repeat(100_000), line: 1, path: [], says: 'too deep' },
    {
      about: 'a duplicate key',
      text: 'a:\n  b: 1\n  b: 2',
      line: 3,
      path: ['a', 'b'],
      says: 'duplicate',
    },
    {
      about: 'the key __proto__',
      text: 'a:\n  __proto__: {b: 1}',
      line: 2,
      path: ['a', '__proto__'],
      says: 'unknown key',
    },
    { about: 'an alias to nothing', text: 'a: 1\nb: *x', line: 2, path: ['b'], says: 'anchor' },
    { about: 'an alias to itself', text: 'a: &x [*x]', line: 1, path: [], says: 'aliases' },
  ]
  test.each(cases)('$about is one, with its line', ({ text, line, path, says }) => {
    expect(readDocument(text).flaws).toContainEqual({ path, line, message: expect.stringContaining(says) })
  })

  test('is reported once if a bomb of aliases would unfold to billions of values', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i}: &l${i} [${i ? `*l${i - 1},`.repeat(10) : 'x'}]`,
    )
    const before = performance.now()
    const { flaws } = readDocument(levels.join('\n'))
    expect(flaws.map(({ message }) => message)).toEqual([expect.stringContaining('10000 values')])
    expect(performance.now() - before).toBeLessThan(5000)
  })

  test('is reported once per line, not once per bracket', () => {
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
    '<<: ',
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
