import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../lib/webhook-yaml.ts'
import type { AnyDescription } from '../../lib/manager-kit/definition.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { blocksIn } from '../support/markdown.ts'
import { managerTable, overviewFile, readerPicture, withOverview } from './manager-overview.ts'
import { pageName, pagesFolder, readManagerPages, trialsIn, withPreviews } from './manager-pages.ts'

const overview = await readFile(overviewFile, 'utf8')
const pages = await readManagerPages()
const chapters = pages.flatMap((page) => page.chapters)

/** The paragraphs of every chapter, in this order. */
const subjects = ['When', 'Needs', 'In the pod', 'Permissions', 'Test it']

describe('docs/managers.md', () => {
  it('has the table and the picture that `npm run docs` derives from the definitions', () => {
    expect(withOverview(overview, builtIn)).toBe(overview)
  })

  it.each(builtIn)('has a summary of one line of at most 120 characters for $name', ({ summary }) => {
    expect(summary).toMatch(/^.{1,120}$/)
  })
})

describe('the table and the picture of managers', () => {
  const changing = {
    name: 'Made',
    summary: 'made for this test',
    makes: ({ form }: { readonly form: string }) => (form === 'text' ? 'variables' : 'both'),
    reader: 'container',
    keys: {
      color: { kind: 'oneOf', of: ['red', 'blue'], default: 'red', help: 'Changes neither.' },
      inner: {
        kind: 'section',
        help: 'A section.',
        keys: { depth: { kind: 'oneOf', of: ['1', '2'], default: '1', help: 'Changes neither.' } },
      },
    },
    own: {
      section: 'made',
      help: 'More.',
      keys: {
        form: { kind: 'oneOf', of: ['file', 'text'], default: 'file', help: 'Changes what it makes.' },
      },
    },
  } as const satisfies AnyDescription

  it('have a line for each value of a choice that changes what the manager creates', () => {
    const rows = managerTable([changing]).split('\n').slice(2)
    expect(rows).toEqual([
      '| [Made, form file](managers/made.md) | made for this test | yes | yes | a container of the pod | if it is listed |',
      '| [Made, form text](managers/made.md) | made for this test | yes | – | a container of the pod | if it is listed |',
    ])
  })

  it('say where variables need env files', () => {
    const byEnvFiles = {
      ...changing,
      makes: (
        { form }: { readonly form: string },
        { envFiles }: { readonly envFiles: boolean },
      ): 'both' | 'files' => (form === 'text' && envFiles ? 'both' : 'files'),
    } as const satisfies AnyDescription
    const cells = managerTable([byEnvFiles]).split('\n').slice(2)
    expect(
      cells.map((row) => row.split(' | ')).map(([label, , variable, file]) => [label, variable, file]),
    ).toEqual([
      ['| [Made, form file](managers/made.md)', '–', 'yes'],
      ['| [Made, form text](managers/made.md)', '[with `envFiles`](#variables-from-files)', 'yes'],
    ])
  })

  it('put each into the box of its reader, and leave out an empty box', () => {
    const picture = readerPicture([
      { ...changing, reader: ({ form }) => (form === 'text' ? 'function' : 'kubelet') },
    ])
    expect(picture.match(/subgraph \w+|"Made[^"]*"/g)).toEqual([
      'subgraph functionReads',
      '"Made, form text"',
      'subgraph kubeletReads',
      '"Made, form file"',
    ])
  })
})

describe('docs/managers', () => {
  it('has a page for each manager of lib/managers/built-in.ts, and no other', async () => {
    const names = await readdir(pagesFolder)
    expect(names.toSorted()).toEqual(builtIn.map(({ name }) => pageName(name)).toSorted())
  })

  it.each(pages)('has a page that begins with the name of $manager, and shows it in a chapter', (page) => {
    expect(page.text).toMatch(new RegExp(`^# ${page.manager}\n`))
    expect(page.chapters.length).toBeGreaterThan(0)
  })

  it.each(pages)('shows the output of the commands for $manager: `npm run docs` writes it', async (page) => {
    expect(await withPreviews(page)).toBe(page.text)
  })

  it.each(chapters)('has the same paragraphs in each chapter: $heading', ({ text }) => {
    const told = [...text.matchAll(/^\*\*([^*]+)\.\*\*\s/gm)].map(([, subject = '']) => subject)
    expect(told.filter((subject) => subjects.includes(subject))).toEqual(subjects)
  })

  it.each(chapters)(
    'has a valid configuration that uses the manager, and quotes its notices: $heading',
    ({ config, text, manager }) => {
      const parsed = parseConfig(config)
      if (parsed.kind === 'problems') throw new Error(JSON.stringify(parsed.problems))
      const isAsked = parsed.config.webhook.secretManagerTypes.includes(manager)
      const isFirst = builtIn.some(({ name, isAlwaysAsked }) => name === manager && isAlwaysAsked)
      expect(isAsked || isFirst).toBe(true)
      const quoted = blocksIn(text, 'text').flatMap((block) => block.trimEnd().split('\n'))
      expect(quoted).toEqual(parsed.notices.map(({ path, message }) => `${path} ${message}`))
    },
  )

  it.each(chapters)('has a preview in which the manager finds the secrets: $heading', ({ manager, text }) => {
    const [printed = ''] = blocksIn(text, 'diff')
    const found =
      printed.match(new RegExp(`^  ${manager}: will inject(?: \\(existence not checked\\))?: `, 'gm')) ?? []
    expect(found.length).toBeGreaterThan(0)
    expect(printed.match(/^flyte\.secrets\//gm)).toHaveLength(found.length)
  })

  it.each(chapters)('has a trial in the cluster: $heading', ({ text }) => {
    expect(trialsIn(text).length).toBeGreaterThan(0)
  })

  it('has policies in valid JSON', () => {
    const policies = pages.flatMap(({ text }) => blocksIn(text, 'json'))
    expect(policies.length).toBeGreaterThan(0)
    for (const policy of policies) expect(JSON.parse(policy)).toMatchObject({ Version: '2012-10-17' })
  })
})
