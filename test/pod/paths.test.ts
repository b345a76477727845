import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanPath } from '../../lib/clean-path.ts'
import { nearestAbove, SortedPaths } from '../../lib/pod/paths.ts'

describe('a path', () => {
  it.each([
    { path: '/a/b', clean: '/a/b' },
    { path: '/a/b/', clean: '/a/b' },
    { path: '//a/./b/.', clean: '/a/b' },
    { path: 'a/b', clean: '/a/b' },
    { path: '/a/.b/..c', clean: '/a/.b/..c' },
    { path: '/a/x/../b', clean: '/a/b' },
    { path: '/../a/../..', clean: '/' },
    { path: '/', clean: '/' },
    { path: '', clean: '/' },
    { path: '.', clean: '/' },
    { path: '/a/..', clean: '/' },
    { path: '/a\n/', clean: '/a\n' },
    { path: '/\u2028/', clean: '/\u2028' },
  ])('$path is normalized to $clean', ({ path, clean }) => {
    expect(cleanPath(path)).toBe(clean)
  })

  it('is normalized like in Node, below the root and without a final slash', () => {
    const path = fc
      .array(fc.constantFrom('a', '.b', 'c.', 'd\n', '.', '..', '...', ''), { maxLength: 6 })
      .map((segments) => segments.join('/'))
    fc.assert(
      fc.property(path, (text) => {
        expect(cleanPath(text)).toBe(posix.normalize(`/${text}`).replace(/(.)\/$/s, '$1'))
      }),
    )
  })
})

describe('the nearest directory above a path', () => {
  it.each([
    { what: 'itself', path: '/s/a', directories: ['/s/a'], nearest: undefined },
    { what: 'the one right above it', path: '/s/a/b', directories: ['/s/a', '/s'], nearest: '/s/a' },
    { what: 'one further up', path: '/s/a/b/c', directories: ['/s/a', '/s/b'], nearest: '/s/a' },
    {
      what: 'one whose name begins in the same way',
      path: '/s/ab',
      directories: ['/s/a'],
      nearest: undefined,
    },
    {
      what: 'one past a name that comes before the slash',
      path: '/s/a/b',
      directories: ['/s/a', '/s/a-b'],
      nearest: '/s/a',
    },
    {
      what: 'one past another branch',
      path: '/s/a/z',
      directories: ['/s', '/s/a', '/s/a/b'],
      nearest: '/s/a',
    },
  ])('is $nearest if there is $what', ({ path, directories, nearest }) => {
    expect(nearestAbove([path], directories).get(path)).toBe(nearest)
  })

  it('is the same as found by checking each directory', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'a-', 'a0', 'ü'), { minLength: 1, maxLength: 4 })
      .map((segments) => `/${segments.join('/')}`)
    fc.assert(
      fc.property(fc.array(path), fc.array(path), (paths, directories) => {
        const found = nearestAbove(paths, directories)
        for (const each of paths) {
          const above = directories.filter((directory) => each.startsWith(`${directory}/`))
          expect(found.get(each)).toBe(above.toSorted((a, b) => b.length - a.length)[0])
        }
      }),
    )
  })
})

describe('sorted paths', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'a-b', 'a!', '\u{1f511}', '\uffff'), { minLength: 1, maxLength: 4 })
    .map((segments) => `/${segments.join('/')}`)

  const root = fc.constant('/')

  it('find what is at a path or below it, like a check of each', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 20 }), fc.oneof(path, root), (paths, directory) => {
        const expected = paths.filter(
          (each) => directory === '/' || each === directory || each.startsWith(`${directory}/`),
        )
        const sorted = new SortedPaths(paths)
        expect([...sorted.at(directory)].toSorted()).toEqual(expected.toSorted())
        expect(sorted.has(directory)).toBe(expected.length > 0)
      }),
    )
  })
})
