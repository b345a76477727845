import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { managerChecks } from '../../lib/manager-testing/checks.ts'
import { gcp } from '../../lib/managers/gcp.ts'
import { blocksOf } from '../support/markdown.ts'
import { createOperatorFolder, type OperatorFolder } from '../support/operator-folder.ts'
import { TerminalSession } from '../support/terminal-session.ts'

const page = await readFile(join(projectRoot, 'docs/plugins.md'), 'utf8')

/** Returns the first cell of each row of a chapter's table. */
const firstCells = (heading: string): readonly string[] => {
  const chapter = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? ''
  return [...chapter.matchAll(/^\| ([^|]+) \|/gm)].slice(1).map(([, cell = '']) => cell.trim())
}

describe('docs/plugins.md', () => {
  it('has a line for each check', () => {
    const names = managerChecks(gcp).map(({ name }) => name.replace('GCP ', ''))
    expect(firstCells('3. Test it')).toEqual(names)
  })

  it('names every kind of key', async () => {
    const source = await readFile(join(projectRoot, 'lib/manager-kit/keys.ts'), 'utf8')
    const [type = ''] = source.slice(source.indexOf('export type Key =')).split('export type Keys ')
    const kinds = [...type.matchAll(/readonly kind: ([^\n}]+)/g)].flatMap(([, union = '']) =>
      [...union.matchAll(/'(\w+)'/g)].map(([, kind]) => kind),
    )
    expect(kinds).toHaveLength(16)
    expect(kinds.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([])
  })
})

describe('the steps of docs/plugins.md', { timeout: 60_000 }, () => {
  let folder: OperatorFolder
  let terminal: TerminalSession
  beforeAll(async () => {
    folder = await createOperatorFolder()
    terminal = new TerminalSession(folder.path, folder.env)
  })
  afterAll(async () => {
    await terminal.end()
    await rm(folder.path, { recursive: true })
  })

  const change = async (name: string, search: RegExp, block: string): Promise<void> => {
    const file = join(folder.path, 'managers', name)
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(search)
    await writeFile(
      file,
      text.replace(search, () => block.trimEnd()),
    )
  }

  it('1: writes a manager, with the configuration that the page shows', async () => {
    const [command = ''] = blocksOf(page, '1. Begin with one that works', 'sh')
    const [configuration = ''] = blocksOf(page, '1. Begin with one that works', 'yaml')
    expect(await terminal.paste(command)).toBe(configuration)
    await writeFile(join(folder.path, 'webhook.yaml'), configuration)
  })

  it('2, 3: the test passes with another program', async () => {
    const [script = ''] = blocksOf(page, '2. Let it run your program', 'ts')
    await change('my-store.ts', /^const script = .*$/m, script)
    const [programs = ''] = blocksOf(page, '3. Test it', 'ts')
    await change('my-store.test.ts', /^ *programs: \{ 'fetch-secret': 'printf.*$/m, programs)
    await change('my-store.test.ts', /'fetch-secret': 'exit 3'/, "mystore: 'exit 3'")
    const [command = ''] = blocksOf(page, '3. Test it', 'sh')
    expect(await terminal.paste(command)).toMatch(/^(# |ℹ )pass 11$/m)
  })

  it('4: a configuration that names it is valid and serves a pod', async () => {
    const [commands = ''] = blocksOf(page, '4. Try it with a configuration', 'sh')
    const printed = await terminal.paste(commands)
    expect(printed).toMatch(/^webhook\.yaml: valid; profile flyte1, managers Global, MyStore, /m)
    expect(printed).toContain('mystore read -- "$$1/$$2" > "$$3"')
    expect(printed).toContain(
      'MyStore: will inject (existence not checked): file /etc/flyte/secrets/db/password;',
    )
  })
})
