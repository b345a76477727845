import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

/** A test that the page names: its file, and its title as written in the file. */
interface Named {
  readonly file: string
  readonly title: string
}

let page: string
beforeAll(async () => {
  page = await readFile(join(projectRoot, 'docs/security.md'), 'utf8')
})

/** Returns the tests that a text names: `` `test/a.test.ts`: "one", "another" `` names two. */
const namedIn = (text: string): readonly Named[] =>
  [...text.matchAll(/`(test\/[^`]+\.ts)`: ((?:"(?:[^"\\]|\\.)+"(?:, )?)+)/g)].flatMap(
    ([, file = '', titles = '']) =>
      [...titles.matchAll(/"((?:[^"\\]|\\.)+)"/g)].map(([, title = '']) => ({
        file,
        title: title.replaceAll('\\"', '"'),
      })),
  )

/** Returns whether a source passes this exact text as a literal to a call: `it('…'`, `it.each(rows)('…'`. */
const hasTitle = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => source.replaceAll(/\(\s+/g, '(').includes(`(${quote}${title}${quote}`))

/** Returns the rows of the threat tables, each as its cells. */
const rows = (): readonly (readonly string[])[] =>
  page
    .split('\n| threat |')
    .slice(1)
    .flatMap((table) => table.split('\n\n')[0]?.split('\n').slice(2) ?? [])
    .map((row) => row.replaceAll(/^\| | \|$/g, '').split(' | '))

/** Returns the threats with their cells. A row without a threat continues the row above it. */
const threats = (): readonly (readonly string[])[] => {
  const found: (readonly string[])[] = []
  for (const row of rows())
    if (row[0] === '') found.push(found.pop()?.map((cell, at) => `${cell} ${row[at]}`.trim()) ?? [])
    else found.push(row)
  return found
}

describe('docs/security.md', () => {
  it('names only tests that exist', async () => {
    const named = namedIn(page)
    const missing: Named[] = []
    for (const one of named) {
      const source = await readFile(join(projectRoot, one.file), 'utf8').catch(() => '')
      if (!hasTitle(source, one.title)) missing.push(one)
    }
    expect(missing).toEqual([])
    expect(named.length).toBeGreaterThan(60)
  })

  it('names tests only in the form that this test reads', () => {
    const files = page.match(/`test\/[^`]+\.test\.ts`|`test\/[^`]+\.e2e\.ts`/g) ?? []
    const read = new Set(namedIn(page).map(({ file }) => `\`${file}\``))
    expect(files.filter((file) => !read.has(file))).toEqual(['`test/docs/security.test.ts`'])
  })

  it('names for each threat the countermeasure, its tests, and the remaining risk', () => {
    expect(rows().filter((row) => row.length !== 4)).toEqual([])
    expect(threats().length).toBeGreaterThan(40)
    for (const [threat, answer, shown = '', left] of threats()) {
      expect(shown === '–' || namedIn(shown).length > 0, threat).toBe(true)
      expect([answer, left], threat).not.toContain('')
    }
  })
})
