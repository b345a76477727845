import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { cases } from '../conformance/recorded-cases.ts'

const pagePath = 'docs/specification.md'

let page: string
beforeAll(async () => {
  page = await readFile(join(projectRoot, pagePath), 'utf8')
})

interface Heading {
  readonly level: number
  /** `4` or `4.3`, or undefined for a heading without a number. */
  readonly number: string | undefined
  readonly title: string
}

const headingsOf = (markdown: string): readonly Heading[] =>
  [...markdown.replaceAll(/^```.*?^```/gms, '').matchAll(/^(#+) (?:(?:(\d+)\.|(\d+\.\d+)) )?(.+)$/gm)].map(
    ([, marks = '', section, subsection, title = '']) => ({
      level: marks.length,
      number: section ?? subsection,
      title,
    }),
  )

const numbersOf = (markdown: string): readonly string[] =>
  headingsOf(markdown).flatMap(({ number }) => number ?? [])

/** Returns the numbers that can follow a section: 4.4 and 5 after 4.3, 4.1 and 5 after 4. */
const successorsOf = (number: string): readonly string[] => {
  const [section = 0, subsection = 0] = number.split('.').map(Number)
  return [`${section}.${subsection + 1}`, `${section + 1}`]
}

/** Matches `specification §4.3`, `Specification §5, §6`, `specification §3 to §6`, also across the lines of a comment. */
const citation = /\bspecification[\s*/#]+§(?:\d+(?:\.\d+)?(?:(?:,|,? (?:and|or|to))[\s*/#]+§)?)+/gi

/** Returns the sections that a text cites, including those within a range. */
const sectionsCitedIn = (text: string): readonly string[] =>
  [...text.matchAll(citation)].flatMap(([cited]) =>
    [...cited.matchAll(/§(\d+)(\.\d+)?(?: to[\s*/#]+§(\d+))?/g)].flatMap(
      ([, first = '', subsection = '', last = first]) =>
        subsection === ''
          ? Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${Number(first) + index}`)
          : [`${first}${subsection}`],
    ),
  )

/** Returns the lines with a section sign that belongs neither to a citation nor to another document. */
const otherSigns = (text: string): readonly string[] =>
  text
    .replaceAll(citation, '')
    .replaceAll(/\bRFC \d+ §/g, '')
    .split('\n')
    .filter((line) => line.includes('§'))

const wrongCitations = (text: string, sections: readonly string[]): readonly string[] =>
  sectionsCitedIn(text).filter((section) => !sections.includes(section))

/** Reads the text of every file that people write, by its path, except this test and the page itself. */
const sources = async (): Promise<ReadonlyMap<string, string>> => {
  const patterns = ['*', '{.github,docs,examples,functions,infra,lib,test}/**/*'].map(
    (pattern) => `${pattern}.{ts,js,cjs,mjs,json,md,yml,yaml,py,go,sh}`,
  )
  const texts = new Map<string, string>()
  for await (const file of glob(patterns, { cwd: projectRoot, exclude: (name) => name === 'node_modules' }))
    if (file !== pagePath && file !== 'test/docs/specification.test.ts')
      texts.set(file, await readFile(join(projectRoot, file), 'utf8'))
  return texts
}

/** Returns the row numbers of the table in §9. */
const differences = (): readonly number[] =>
  [...(page.split('\n## 9. ')[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (\d+) \|/gm)].map(([, row]) =>
    Number(row),
  )

describe('docs/specification.md', () => {
  it('has a heading for every section that code, tests and documents cite', async () => {
    const sections = numbersOf(page)
    const cited = [...(await sources())].map(([file, text]) => ({ file, text }))
    const wrong = cited.flatMap(({ file, text }) =>
      wrongCitations(text, sections).map((section) => `${file}: §${section}`),
    )
    expect(wrong).toEqual([])
    expect(cited.flatMap(({ text }) => sectionsCitedIn(text)).length).toBeGreaterThan(60)
  })

  it('has a heading for every section that it cites itself', () => {
    const sections = numbersOf(page)
    const cited = [...page.matchAll(/§(\d+(?:\.\d+)?)/g)].map(([, section = '']) => section)
    expect(cited.filter((section) => !sections.includes(section))).toEqual([])
  })

  it('is cited only in forms that this test reads', async () => {
    const unread = [...(await sources())].flatMap(([file, text]) =>
      otherSigns(text).map((line) => `${file}: ${line}`),
    )
    expect(unread).toEqual([])
  })

  it('has its sections in order, each once', () => {
    const numbers = numbersOf(page)
    expect(numbers[0]).toBe('1')
    expect(numbers.at(-1)).toBe('11')
    for (const [index, number] of numbers.entries())
      if (index > 0) expect(successorsOf(numbers[index - 1] ?? '')).toContain(number)
  })

  it('numbers every section and subsection, and gives each heading once', () => {
    const headings = headingsOf(page)
    const unnumbered = headings.filter(({ level, number }) => (level === 2 || level === 3) && !number)
    const misplaced = headings.filter(({ level, number }) => number && level !== number.split('.').length + 1)
    expect([...unnumbered, ...misplaced]).toEqual([])
    const titles = headings.map(({ title }) => title)
    expect(titles).toEqual([...new Set(titles)])
  })

  it('has a row in §9 for every difference that a recorded case names, numbered from 1', () => {
    const rows = differences()
    expect(rows).toEqual(rows.map((_, index) => index + 1))
    const named: readonly number[] = cases.flatMap(({ flyte }) => flyte.differs ?? [])
    expect(named.filter((row) => !rows.includes(row))).toEqual([])
    expect(named.length).toBeGreaterThan(0)
  })
})

describe('a citation of the specification', () => {
  it.each([
    { text: 'as in specification §4.3.', cites: ['4.3'] },
    { text: 'Specification §4.7: labels', cites: ['4.7'] },
    { text: '(specification §5, §6)', cites: ['5', '6'] },
    { text: '(specification §2, §4.1, §4.2)', cites: ['2', '4.1', '4.2'] },
    { text: 'specification §4.1 and §7', cites: ['4.1', '7'] },
    { text: 'specification §3 to §6', cites: ['3', '4', '5', '6'] },
    { text: '/**\n * as the specification\n * §9, §10 says', cites: ['9', '10'] },
    { text: 'RFC 5280 §4.2.1.3, the specification', cites: [] },
  ])('is read: $text', ({ text, cites }) => {
    expect(sectionsCitedIn(text)).toEqual(cites)
    expect(otherSigns(text)).toEqual([])
  })

  it.each([
    { text: 'specification §4.4', wrong: ['4.4'] },
    { text: 'specification §4, §12', wrong: ['12'] },
    { text: 'specification §4 to §6', wrong: ['5', '6'] },
  ])('is found wrong: $text', ({ text, wrong }) => {
    const sections = numbersOf(
      '# Specification\n\n## 4. Managers\n\n### 4.3 AWS\n\n```sh\n### 4.4 code\n```\n',
    )
    expect(wrongCitations(text, sections)).toEqual(wrong)
  })

  it('is found if it has another form', () => {
    expect(otherSigns('see the spec, §4.3')).toEqual(['see the spec, §4.3'])
  })
})
