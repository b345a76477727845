import { execFile } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectRoot } from '../../infra/project-root.ts'
import { blocksOf } from '../support/markdown.ts'
import { createOperatorFolder, type OperatorFolder } from '../support/operator-folder.ts'

const page = await readFile(join(projectRoot, 'docs/migrate.md'), 'utf8')
const recipe = blocksOf(page, '1. Copy the configuration', 'sh').join('')

let folder: OperatorFolder
beforeEach(async () => {
  // kubectl prints the ConfigMap that a test has put beside it.
  folder = await createOperatorFolder({ kubectl: 'cat configmap.json' })
})
afterEach(() => rm(folder.path, { recursive: true }))

/** Runs the recipe as the page shows it, where the cluster has a ConfigMap. */
const copied = async (data: Readonly<Record<string, string>>) => {
  await writeFile(join(folder.path, 'configmap.json'), JSON.stringify({ data }))
  return promisify(execFile)('bash', ['-c', recipe], { cwd: folder.path, env: folder.env })
}

const core =
  'logger:\n  level: 5\nwebhook:\n  # as Flyte has it\n  certDir: /etc/webhook/certs\n\nstorage: {}\n'

describe('step 1 of docs/migrate.md', { timeout: 20_000 }, () => {
  it('copies both sections and nothing else, and checks them', async () => {
    const { stdout } = await copied({ 'core.yaml': core, 'z.yaml': 'secrets:\n  env-prefix: OWN_' })
    expect(stdout).toContain('webhook.yaml: right; ')
    expect(parse(await readFile(join(folder.path, 'webhook.yaml'), 'utf8'))).toEqual({
      webhook: { certDir: '/etc/webhook/certs' },
      secrets: { 'env-prefix': 'OWN_' },
    })
  })

  it.each([
    { what: 'without the section', data: { 'core.yaml': 'logger:\n  level: 5\n# webhook:\n' } },
    { what: 'with a section of another name', data: { 'core.yaml': 'webhooks:\n  certDir: x\n' } },
    { what: 'with the section further in', data: { 'core.yaml': 'flyte:\n  webhook:\n    certDir: x\n' } },
    { what: 'without data', data: {} },
  ])('fails for a ConfigMap $what, and leaves webhook.yaml as it was', async ({ data }) => {
    await writeFile(join(folder.path, 'webhook.yaml'), 'webhook: {}\n')
    await expect(copied(data)).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringContaining('flyte-propeller-config has no section webhook:'),
    })
    expect(await readFile(join(folder.path, 'webhook.yaml'), 'utf8')).toBe('webhook: {}\n')
  })

  it('fails where there is no ConfigMap', async () => {
    const run = promisify(execFile)('bash', ['-c', recipe], { cwd: folder.path, env: folder.env })
    await expect(run).rejects.toMatchObject({ stdout: '', stderr: expect.stringContaining('has no section') })
    expect(await readdir(folder.path)).not.toContain('webhook.yaml')
  })
})
