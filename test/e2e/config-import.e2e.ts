import { execFile } from 'node:child_process'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { projectRoot } from '../../infra/project-root.ts'
import { blocksOf } from '../support/markdown.ts'
import { flyteWebhook } from '../support/command.ts'
import { createOperatorFolder, type OperatorFolder } from '../support/operator-folder.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'

const core =
  'logger:\n  level: 5\nwebhook:\n  # as Flyte has it\n  certDir: /etc/webhook/certs\n\nstorage: {}\n'

describe.skipIf(assets === undefined)('a ConfigMap of a cluster', () => {
  let api: ApiServer
  let connection: readonly string[]
  let folder: OperatorFolder
  const configMaps = '/api/v1/namespaces/flyte/configmaps'

  beforeAll(async () => {
    api = await ApiServer.start(assets ?? '')
    connection = ['--kubeconfig', await api.kubeconfig()]
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: 'flyte' } })
  }, 120_000)
  beforeEach(async () => {
    await api.send('DELETE', configMaps)
  })
  afterAll(() => api.stop())

  const put = async (name: string, data: Readonly<Record<string, string>>): Promise<void> => {
    expect((await api.send('POST', configMaps, { metadata: { name }, data })).status).toBe(201)
  }

  it('is imported; several are imported in the given order', async () => {
    await put('base', { 'core.yaml': 'webhook: {secretManagerType: AWS, certDir: a}' })
    await put('inline', { 'inline.yaml': 'webhook: {secretManagerType: GCP}' })
    const named = ['--configmap', 'flyte/base', '--configmap', 'flyte/inline']
    const run = await flyteWebhook(['config', 'import', ...connection, ...named])
    expect(run).toMatchObject({
      status: 0,
      stderr:
        'ConfigMap flyte/inline, inline.yaml: webhook.secretManagerType overrides an earlier file, as in Flyte\n',
    })
    expect(run.stdout).toMatch(
      /^# From ConfigMap flyte\/base, core\.yaml; ConfigMap flyte\/inline, inline\.yaml\.\n/,
    )
    expect(parse(run.stdout)).toEqual({
      webhook: { secretManagerType: 'GCP', certDir: 'a' },
      function: { profile: 'flyte1' },
    })
  })

  it('is named if it does not exist', async () => {
    const run = await flyteWebhook(['config', 'import', ...connection, '--configmap', 'flyte/none'])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toContain('ConfigMap flyte/none does not exist in this cluster\n')
  })

  describe('in step 1 of docs/migrate.md', () => {
    beforeEach(async () => {
      folder = await createOperatorFolder()
      return () => rm(folder.path, { recursive: true })
    })

    /** Runs the recipe on the page. */
    const follow = async () => {
      const page = await readFile(join(projectRoot, 'docs/migrate.md'), 'utf8')
      const recipe = blocksOf(page, '1. Copy the configuration', 'sh').join('')
      const env = { ...folder.env, KUBECONFIG: await api.kubeconfig() }
      return promisify(execFile)('bash', ['-c', recipe], { cwd: folder.path, env })
    }
    const copied = async (): Promise<string> => readFile(join(folder.path, 'webhook.yaml'), 'utf8')

    it('writes only both sections, and checks them', async () => {
      await put('flyte-propeller-config', { 'core.yaml': core, 'z.yaml': 'secrets:\n  env-prefix: OWN_' })
      const { stdout } = await follow()
      expect(stdout).toContain('webhook.yaml: valid; ')
      expect(parse(await copied())).toEqual({
        webhook: { certDir: '/etc/webhook/certs' },
        secrets: { 'env-prefix': 'OWN_' },
        function: { profile: 'flyte1' },
      })
    })

    it.each([
      { what: 'without the section', data: { 'core.yaml': 'logger:\n  level: 5\n# webhook:\n' } },
      { what: 'with a section of another name', data: { 'core.yaml': 'webhooks:\n  certDir: x\n' } },
      { what: 'with the section further in', data: { 'core.yaml': 'flyte:\n  webhook:\n    certDir: x\n' } },
      { what: 'without data', data: {} },
    ])('fails for one $what, and keeps webhook.yaml unchanged', async ({ data }) => {
      await put('flyte-propeller-config', data)
      await writeFile(join(folder.path, 'webhook.yaml'), 'webhook: {}\n')
      await expect(follow()).rejects.toMatchObject({
        stdout: '',
        stderr: expect.stringContaining('flyte-propeller-config: found no section webhook: or secrets:'),
      })
      expect(await copied()).toBe('webhook: {}\n')
    })

    it('fails without a ConfigMap', async () => {
      await expect(follow()).rejects.toMatchObject({
        stdout: '',
        stderr: expect.stringContaining('ConfigMap flyte/flyte-propeller-config does not exist'),
      })
      expect(await readdir(folder.path)).not.toContain('webhook.yaml')
    })
  })
})
