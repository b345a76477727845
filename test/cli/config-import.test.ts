import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { flyteWebhook } from '../support/command.ts'
import { run as start } from '../support/program.ts'

let folder = ''
const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-import-'))
})
afterAll(() => rm(folder, { recursive: true }))

const values = 'configmap: {core: {webhook: {secretManagerType: GCP}}}\n'

describe('flyte-webhook config import', { timeout: 20_000 }, () => {
  it('prints a configuration from files and standard input that config check accepts', async () => {
    const more = await write('more.yaml', 'webhook: {certDir: x}\n')
    const run = await flyteWebhook(['config', 'import', '-', more], { input: values })
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(run.stdout).toMatch(/^# From standard input, configmap\.core; .*more\.yaml\.\n/)
    const check = await flyteWebhook(['config', 'check', await write('made.yaml', run.stdout)])
    expect(check).toMatchObject({ status: 0 })
    expect(check.stdout).toContain('profile flyte1, managers Global, GCP,')
  })

  it('exits 2 and prints nothing if it finds nothing', async () => {
    const run = await flyteWebhook(['config', 'import', await write('empty.yaml', 'logger: {level: 5}\n')])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(
      /empty\.yaml: found no section webhook: or secrets: \(this is a configuration file of Flyte\)\. Import .*\n$/,
    )
  })

  it('exits 1 if something must be changed, and says what', async () => {
    const run = await flyteWebhook(['config', 'import', await write('new.yaml', 'webhook: {newKey: 1}\n')])
    expect(run).toMatchObject({ status: 1, stderr: expect.stringMatching(/^webhook\.newKey: /) })
    expect(run.stdout).toContain('\n  # WRONG: ')
  })

  it.each([
    { args: [] },
    { args: ['a.yaml', '--configmap', 'flyte/a'] },
    { args: ['none.yaml'] },
    { args: ['--configmap', 'flyte'] },
  ])('refuses $args', async ({ args }) => {
    expect(await flyteWebhook(['config', 'import', ...args])).toMatchObject({ status: 2, stdout: '' })
  })
})

describe('flyte-webhook config check', { timeout: 20_000 }, () => {
  const field = join(projectRoot, 'test/field/chart-values-pasted')
  it.each([
    { file: 'webhook-nested.yaml', what: 'these are Helm values of flyte-core' },
    { file: 'webhook-configmap.yaml', what: 'this is a ConfigMap' },
  ])('says in one sentence what was pasted: $file', async ({ file, what }) => {
    const path = join(folder, file)
    await copyFile(join(field, file), path)
    const run = await flyteWebhook(['config', 'check', path])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(
      new RegExp(`${file}: ${what}: run flyte-webhook config import .*${file} > imported.yaml\n$`),
    )
  })

  it('names each setting of the Deployment, if the section has nothing else', async () => {
    const { status, stderr } = await flyteWebhook([
      'config',
      'check',
      join(field, 'webhook-chart-section.yaml'),
    ])
    expect(status).toBe(2)
    const lines = stderr.trim().split('\n')
    expect(lines).toHaveLength(16)
    for (const line of lines)
      expect(line).toMatch(
        /yaml:\d+: webhook\.\w+: is a setting of the Deployment in Flyte's Helm chart: remove it/,
      )
  })

  it.each([
    {
      text: 'webhook: {enabled: true}\nflyteadmin: {enabled: true}',
      what: 'these are settings of the Deployment in Helm values of flyte-core',
    },
    { text: values, what: 'these are Helm values of flyte-core' },
    { text: 'configuration: {inline: {}}', what: 'these are Helm values of flyte-binary' },
    {
      text: 'flyte-binary: {configuration: {inline: {}}}',
      what: 'these are Helm values of flyte-binary',
    },
    { text: 'kind: List\nitems: [{kind: ConfigMap}]', what: 'this is a list with ConfigMaps' },
    { text: 'propeller: {}\nwebhook: {}', what: 'this is a configuration file of Flyte' },
  ])('says what was pasted as JSON, too: $what', async ({ text, what }) => {
    const run = await flyteWebhook(['config', 'check', await write('pasted.yaml', text), '-o', 'json'])
    expect(run.status).toBe(2)
    expect(JSON.parse(run.stdout).problems).toEqual([
      { path: '', message: expect.stringMatching(new RegExp(`^${what}: run flyte-webhook config import `)) },
    ])
  })

  it('suggests a command that a shell runs, whatever the name of the file', async () => {
    const path = await write("Flyte's values $(date).yaml", values)
    const { stderr } = await flyteWebhook(['config', 'check', path])
    const [, word = ''] = /: run flyte-webhook config import (.*) > imported\.yaml\n$/.exec(stderr) ?? []
    const shell = start('sh', ['-c', `printf %s ${word}`])
    await shell.ended
    expect(shell.stdout()).toBe(path)

    const { stderr: ofInput } = await flyteWebhook(['config', 'check', '-'], { input: values })
    expect(ofInput).toMatch(
      /^error: standard input: .*: run flyte-webhook config import - > imported\.yaml\n$/,
    )
  })

  it('suggests no redirection that empties a file', async () => {
    const within = await mkdtemp(join(folder, 'targets-'))
    await writeFile(join(within, 'values.yaml'), values)
    for (const target of ['webhook.yaml', 'imported.yaml', 'imported-2.yaml']) {
      const program = start(
        process.execPath,
        [join(projectRoot, 'infra/cli/flyte-webhook.js'), 'config', 'check', 'values.yaml'],
        { cwd: within },
      )
      await program.ended
      expect(program.stderr()).toContain(`run flyte-webhook config import values.yaml > ${target}\n`)
      await writeFile(join(within, target), '')
    }
  })

  it.each([
    'webhook: {enabled: true}\nfunction: {onFailure: deny}\n',
    'webhok: {secretManagerType: AWS}\n',
    'webhook: {secretManagerType: AWS, enabled: true}\n',
  ])('names each wrong key of a webhook.yaml: %j', async (text) => {
    const run = await flyteWebhook(['config', 'check', await write('mistakes.yaml', text)])
    expect(run.stderr).toMatch(/mistakes\.yaml:1: web\w+(\.enabled)?: /)
  })
})
