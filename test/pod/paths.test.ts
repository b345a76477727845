import { describe, expect, it } from 'vitest'
import { cleanPath } from '../../lib/pod/paths.ts'

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
  ])('$path is clean as $clean', ({ path, clean }) => {
    expect(cleanPath(path)).toBe(clean)
  })
})
