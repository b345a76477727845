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

  const chapters = reference.split('\n## ').slice(1)
  it('has a chapter for each command', () => {
    expect(chapters.length).toBeGreaterThan(10)
  })

  it.each(chapters.map((chapter) => ({ name: chapter.split('\n')[0], chapter })))(
    'shows how $name is used, with an example',
    ({ name, chapter }) => {
      expect(chapter).toContain(`\nUsage: ${name} `)
      expect(chapter).toMatch(new RegExp(`\nExample:\n(.*\n)*? {2}.*${name}`))
    },
  )
})
