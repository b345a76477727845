import { execFile } from 'node:child_process'
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { blocksOf } from '../support/markdown.ts'
import { createOperatorFolder, type OperatorFolder } from '../support/operator-folder.ts'
import { sha256Hex } from '../support/webhook.ts'

const guide = await readFile(join(projectRoot, 'docs/deploy.md'), 'utf8')
const commandsOf = (chapter: string): readonly string[] =>
  blocksOf(guide, chapter, 'sh')
    .join('')
    .split('\n')
    .filter((line) => line.includes('flyte-webhook tokens'))

let folder: OperatorFolder
beforeAll(async () => {
  folder = await createOperatorFolder()
  await cp(join(projectRoot, 'webhook.yaml'), join(folder.path, 'webhook.yaml'))
})
afterAll(() => rm(folder.path, { recursive: true }))

const bash = (script: string) =>
  promisify(execFile)('bash', ['-c', script], {
    cwd: folder.path,
    env: { ...folder.env, cluster: 'production' },
  })
const fileOf = async (name: string): Promise<string> =>
  (await readFile(join(folder.path, name), 'utf8')).trimEnd()

describe('the tokens of docs/deploy.md', { timeout: 20_000 }, () => {
  it('are created once, however often the command runs', async () => {
    const [create = ''] = commandsOf('3. Make a token')
    await bash(create)
    const token = await fileOf('production.token')
    const digests = `callerTokenSha256=production=${sha256Hex(token)}`
    expect(await fileOf('production.digests')).toBe(digests)

    await expect(bash(create)).rejects.toThrow('the cluster production already has a token')
    expect(await fileOf('production.digests')).toBe(digests)
    expect(await fileOf('production.token')).toBe(token)
  })

  it('are extended for another cluster', async () => {
    const [create = ''] = commandsOf('5. Register')
    const before = await fileOf('production.digests')
    await bash(create)
    const token = await fileOf('staging.token')
    expect(await fileOf('production.digests')).toBe(`${before},staging=${sha256Hex(token)}`)
  })

  it('are never read from the file that the command writes, which the shell empties first', async () => {
    for (const page of [
      'README.md',
      'docs/adopt.md',
      'docs/deploy.md',
      'docs/migrate.md',
      'docs/operations.md',
      'docs/cli.md',
    ]) {
      const text = await readFile(join(projectRoot, page), 'utf8')
      expect(text).not.toMatch(/> *\S+\.digests/)
    }
  })
})
