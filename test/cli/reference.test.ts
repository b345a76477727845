import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../infra/cli/program.ts'
import { createReference } from '../../infra/cli/reference.ts'
import { createTerminal } from '../../infra/cli/terminal.ts'
import { projectRoot } from '../../infra/project-root.ts'

const terminal = createTerminal(process.stdout, process.stderr)
const reference = createReference(createProgram({ terminal, now: () => new Date(0), environment: {} }))

describe('docs/cli.md', () => {
  it('is current: `npm run docs` writes it', async () => {
    expect(await readFile(join(projectRoot, 'docs', 'cli.md'), 'utf8')).toBe(reference)
  })

  const [opening, ...chapters] = reference.split('\n## ')
  it('has a chapter for each command', () => {
    expect(chapters.length).toBeGreaterThan(10)
  })

  it('begins with the help of flyte-webhook itself, with an example', () => {
    expect(opening).toMatch(/\nUsage: flyte-webhook \[options\](.*\n)*Example:\n {2}flyte-webhook /)
  })

  it('has a chapter for each group of commands', () => {
    for (const group of ['config', 'manager', 'tokens', 'certs'])
      expect(chapters).toContainEqual(expect.stringMatching(`^flyte-webhook ${group}\n`))
  })

  it.each([
    { name: 'preview', says: '1 if the pod is denied' },
    { name: 'review', says: '0 if every review was answered' },
    { name: 'decode', says: '1 if a value cannot be read' },
    { name: 'manager init', says: '2 if the name is not allowed' },
    { name: 'config check', says: '2 if the configuration is invalid' },
    { name: 'certs status', says: '3 warnings only' },
  ])('says what the exit status of $name means', ({ name, says }) => {
    const [chapter] = chapters.filter((one) => one.startsWith(`flyte-webhook ${name}\n`))
    expect(chapter).toMatch(new RegExp(`\nExit status: .*${says}`))
  })

  it.each(chapters.map((chapter) => ({ name: chapter.split('\n')[0], chapter })))(
    'shows how $name is used, with an example and the options of all commands',
    ({ name, chapter }) => {
      expect(chapter).toContain(`\nUsage: ${name} `)
      expect(chapter).toMatch(/\nGlobal Options:\n(.*\n)* {2}--verbose /)
      expect(chapter).toMatch(new RegExp(`\nExample:\n(.*\n)*? {2}.*${name}`))
    },
  )
})
