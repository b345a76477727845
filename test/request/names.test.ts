import { describe, expect, it } from 'vitest'
import { filePath, filePathAsWritten, variableName } from '../../lib/request/names.ts'

describe('the variable of a secret', () => {
  it.each([
    { prefix: '_FSEC_', group: 'db', key: 'password', name: '_FSEC_DB_PASSWORD' },
    { prefix: '_UNION_', group: '', key: 'k', name: '_UNION_K' },
    { prefix: 'lower_', group: 'g', key: 'k', name: 'lower_G_K' },
    { prefix: 'P_', group: 'a-b.c', key: 'd:e', name: 'P_A-B.C_D:E' },
    { prefix: 'P_', group: 'straße', key: 'ﬁ', name: 'P_STRASSE_FI' },
  ])('is $name', ({ prefix, group, key, name }) => {
    expect(variableName(prefix, group, key)).toBe(name)
  })
})

describe('the file of a secret', () => {
  it.each([
    { what: 'in lower case', parts: ['DB', 'Pass'], relative: 'db/pass' },
    { what: "in lower case by Unicode's full mapping", parts: ['ΑΣ', 'İ'], relative: 'ας/i̇' },
    {
      what: 'in the folders that its parts name',
      parts: ['projects/p/secrets/s', '1'],
      relative: 'projects/p/secrets/s/1',
    },
    { what: 'without empty segments', parts: ['/kv//app/', '', 'k'], relative: 'kv/app/k' },
    { what: 'with dots that are not a step', parts: ['...', '.k'], relative: '.../.k' },
    {
      what: 'with a name of 255 bytes',
      parts: [`${'é'.repeat(127)}a`, 'k'],
      relative: `${'é'.repeat(127)}a/k`,
    },
  ])('is $what', ({ parts, relative }) => {
    expect(filePath(...parts)).toEqual({ kind: 'path', relative, absolute: `/etc/flyte/secrets/${relative}` })
  })

  const tooLong = 'the path of its file would be longer than a file system allows'
  const leaves = 'the path of its file would have a segment "." or ".."'
  it.each([
    { what: 'nothing', parts: [''], why: 'the path of its file would be empty' },
    { what: 'only slashes', parts: ['//', '/'], why: 'the path of its file would be empty' },
    { what: 'a step up', parts: ['..', 'k'], why: leaves },
    { what: 'a step up inside', parts: ['a/../b', 'k'], why: leaves },
    { what: 'a step nowhere', parts: ['a', './b'], why: leaves },
    { what: 'a NUL', parts: ['a\0', 'k'], why: 'the path of its file would contain a NUL' },
    { what: 'a name over 255 bytes', parts: ['é'.repeat(128), 'k'], why: tooLong },
    { what: 'a name that grows in lower case', parts: ['İ'.repeat(120), 'k'], why: tooLong },
  ])('is impossible for $what', ({ parts, why }) => {
    expect(filePath(...parts)).toEqual({ kind: 'unusable', why })
  })

  it('has a path of at most 4095 bytes', () => {
    const folders = 'a/'.repeat(2037)
    const longest = filePath(folders, 'bb')
    expect(longest.kind === 'path' && longest.absolute.length).toBe(4095)
    expect(filePath(folders, 'bbb')).toEqual({ kind: 'unusable', why: tooLong })
  })
})

describe('the path of a file by its written name', () => {
  it('keeps upper and lower case', () => {
    const relative = 'Team/My-Key'
    expect(filePathAsWritten('/Team/', 'My-Key')).toEqual({
      kind: 'path',
      relative,
      absolute: `/etc/flyte/secrets/${relative}`,
    })
  })

  it('cannot leave its folder', () => {
    expect(filePathAsWritten('a', '..')).toMatchObject({ kind: 'unusable' })
  })
})
