import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfigFile } from '../../infra/config/config-file.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { flyteWebhook } from '../support/command.ts'

const tarball = `flyte-webhook-${packageJson.version}.tgz`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-'))
})
afterEach(() => rm(folder, { recursive: true }))

const written = [
  '.github/workflows/webhook.yml',
  '.gitignore',
  'README.md',
  'examples/plain.json',
  'examples/task.yaml',
  'package.json',
  'serverless.yml',
  'webhook.yaml',
]
const filesIn = async (path: string): Promise<string[]> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => join(parentPath, name).slice(path.length + 1)).toSorted()
}
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

describe('flyte-webhook init', { timeout: 20_000 }, () => {
  it('writes a project, and prints what to do next', async () => {
    const project = join(folder, 'new', 'project')
    expect(await flyteWebhook(['init', project])).toEqual({
      status: 0,
      stdout: `cd ${project}\nmkdir -p vendor && cp …/${tarball} vendor/\nnpm install\nnpm run check\n`,
      stderr: expect.stringMatching(/^Wrote package\.json, .*\. Next:\n/),
    })
    expect(await filesIn(project)).toEqual(written)
  })

  it('does not ask for a tarball that exists', async () => {
    await mkdir(join(folder, 'vendor'))
    await writeFile(join(folder, 'vendor', tarball), '')
    const { stdout } = await flyteWebhook(['init', folder])
    expect(stdout).toBe(`cd ${folder}\nnpm install\nnpm run check\n`)
  })

  it('depends on the tarball of exactly this version, and on osls by the name that serverless-offline knows', async () => {
    await flyteWebhook(['init', folder])
    expect(JSON.parse(await read('package.json'))).toMatchObject({
      dependencies: { 'flyte-webhook': `file:vendor/${tarball}` },
      devDependencies: { serverless: expect.stringMatching(/^npm:osls@/) },
    })
  })

  it('takes the stack from the package, in at most 40 lines', async () => {
    await flyteWebhook(['init', folder])
    const text = await read('serverless.yml')
    expect(text.split('\n').length).toBeLessThanOrEqual(40)
    const sections = ['provider', 'functions', 'resources', 'package', 'custom']
    expect(parse(text)).toMatchObject(
      Object.fromEntries(
        sections.map((name) => [name, `\${file(node_modules/flyte-webhook/serverless.yml):${name}}`]),
      ),
    )
  })

  it('writes a valid configuration with all defaults', async () => {
    await flyteWebhook(['init', folder])
    const { parsed, text } = await parseConfigFile(join(folder, 'webhook.yaml'))
    expect(parsed).toMatchObject({ kind: 'config', notices: [] })
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=\.\/node_modules\/flyte-webhook\/webhook\.schema\.json\n/,
    )
  })

  it("fills webhook.yaml from Flyte's configuration", async () => {
    const values = join(folder, 'values.yaml')
    await writeFile(values, 'configuration: {inline: {webhook: {secretManagerType: GCP}}}')
    const { status } = await flyteWebhook(['init', join(folder, 'new'), '--from-file', values])
    expect(status).toBe(0)
    const { parsed } = await parseConfigFile(join(folder, 'new/webhook.yaml'))
    expect(parsed).toMatchObject({ config: { webhook: { secretManagerTypes: ['GCP'] } } })
  })

  it('writes nothing if the file contains no configuration', async () => {
    const values = join(folder, 'values.yaml')
    await writeFile(values, 'replicas: 1')
    const { status } = await flyteWebhook(['init', join(folder, 'new'), '--from-file', values])
    expect(status).toBe(2)
    expect(await filesIn(folder)).toEqual(['values.yaml'])
  })

  it('writes a workflow whose actions are pinned', async () => {
    await flyteWebhook(['init', folder])
    const workflow = parse(await read('.github/workflows/webhook.yml'))
    const steps: { uses?: string }[] = Object.values<{ steps: { uses?: string }[] }>(workflow.jobs).flatMap(
      (job) => job.steps,
    )
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used.length).toBeGreaterThan(0)
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
  })

  it('names existing files and leaves the folder unchanged', async () => {
    await mkdir(join(folder, 'examples'))
    await writeFile(join(folder, 'README.md'), 'mine')
    await writeFile(join(folder, 'examples/plain.json'), '{}')
    const { status, stdout, stderr } = await flyteWebhook(['init', folder])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('README.md, examples/plain.json already exist')
    expect(await filesIn(folder)).toEqual(['README.md', 'examples/plain.json'])
    expect(await read('README.md')).toBe('mine')
  })
})
