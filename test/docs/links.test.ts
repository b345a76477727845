import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'

const foreign = new Set(['node_modules', 'dist', 'dist-package', 'coverage'])

/** Returns the paths of the project's Markdown files, relative to its root. */
const documents = async (): Promise<readonly string[]> => {
  const found: string[] = []
  const patterns = ['**/*.md', '.github/**/*.md']
  for await (const file of glob(patterns, { cwd: projectRoot, exclude: (name) => foreign.has(name) }))
    found.push(file)
  return [...new Set(found)].toSorted()
}

const withoutCode = (markdown: string): string => markdown.replaceAll(/^( *)```.*?^\1```/gms, '')

/** Returns the anchors that GitHub creates for headings: lower case, no punctuation, hyphens for spaces, a number on a repeat. */
const anchorsOf = (markdown: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = text.replaceAll(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-')
    let again = 0
    while (anchors.has(again === 0 ? anchor : `${anchor}-${again}`)) again++
    anchors.add(again === 0 ? anchor : `${anchor}-${again}`)
  }
  return anchors
}

/** Returns the targets of a page's links within the project, as written. */
const linksOf = (markdown: string): readonly string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** A link from a document at the root to GitHub's page of a workflow. It is checked as a link to the workflow's file. */
const workflowPage = /^\.\.\/\.\.\/actions\/workflows\/([^/]+)(\/badge\.svg)?$/

const leadsSomewhere = async (from: string, markdown: string, target: string): Promise<boolean> => {
  const [path = '', anchor] = target.replace(workflowPage, '.github/workflows/$1').split('#')
  const file = join(projectRoot, dirname(from), path)
  if (relative(projectRoot, file).startsWith('..') || !existsSync(file)) return false
  if (anchor === undefined) return true
  return anchorsOf(path === '' ? markdown : await readFile(file, 'utf8')).has(anchor)
}

const brokenLinks = async (from: string, markdown: string): Promise<readonly string[]> => {
  const broken: string[] = []
  for (const target of linksOf(markdown))
    if (!(await leadsSomewhere(from, markdown, target))) broken.push(`${from}: ${target}`)
  return broken
}

describe('a link of a document', () => {
  it('leads to an existing file and heading', async () => {
    const files = await documents()
    expect(files).toEqual(
      expect.arrayContaining(['.github/pull_request_template.md', 'README.md', 'docs/deploy.md']),
    )
    const broken: string[] = []
    for (const file of files)
      broken.push(...(await brokenLinks(file, await readFile(join(projectRoot, file), 'utf8'))))
    expect(broken).toEqual([])
  })

  it('is detected if broken', async () => {
    const markdown = `# One & "two"\n\n# Again\n# Again\n\`\`\`sh\n# code\n\`\`\`
[a](#one--two) [b](deploy.md#alarms) [c](#again-1) [d](../README.md) [e](https://example.com/#f)
[f](#code) [g](gone.md) [h](deploy.md#gone) [i](#again-2) [j](../../gone.md)`
    expect(await brokenLinks('docs/here.md', markdown)).toEqual(
      ['#code', 'gone.md', 'deploy.md#gone', '#again-2', '../../gone.md'].map((to) => `docs/here.md: ${to}`),
    )
  })
})
