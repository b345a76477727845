import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { AuthorFolder } from '../support/author-folder.ts'

let folder: AuthorFolder
beforeAll(async () => {
  folder = await AuthorFolder.create()
})
afterAll(() => folder.remove())

const written = (): Promise<string[]> => readdir(join(folder.path, 'managers')).catch(() => [])
const at = (...parts: readonly string[]): string => join(folder.path, ...parts)

describe('flyte-webhook manager init', { timeout: 60_000 }, () => {
  it.each([
    { name: 'myStore', why: '"myStore" cannot be the name of a manager: 1 to 30 letters and digits' },
    { name: '../Store', why: '"../Store" cannot be the name of a manager' },
    { name: `A${'a'.repeat(30)}`, why: 'cannot be the name of a manager' },
    { name: 'Gcp', why: 'this project has a manager Gcp; give yours another name' },
  ])('exits 2 for the name $name, and writes nothing', async ({ name, why }) => {
    const run = await folder.flyteWebhook('manager', 'init', name)
    expect(run).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(why) })
    expect(await written()).toEqual([])
  })

  it('writes a manager and its test, and prints the configuration for it', async () => {
    const run = await folder.flyteWebhook('manager', 'init', 'MyStore')
    expect(run).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('from: ./managers/my-store.ts'),
      stderr: expect.stringContaining('node --test managers/my-store.test.ts'),
    })
    expect((await written()).toSorted()).toEqual(['my-store.test.ts', 'my-store.ts'])
    await writeFile(at('webhook.yaml'), run.stdout)
  })

  it('writes a test that passes unchanged and needs only Node', async () => {
    const run = await folder.node('--test', '--test-reporter=tap', 'managers/my-store.test.ts')
    expect(run.stdout).toMatch(/^# pass 11$/m)
    expect(run).toMatchObject({ status: 0, stderr: '' })
  })

  it('writes a test that fails if a change breaks the manager', async () => {
    const text = await readFile(at('managers/my-store.ts'), 'utf8')
    await mkdir(at('worse'))
    await writeFile(at('worse/my-store.test.ts'), await readFile(at('managers/my-store.test.ts')))
    await writeFile(
      at('worse/my-store.ts'),
      text.replace('scriptCommand(script,', "scriptCommand(script.replace('$2', key),"),
    )
    const run = await folder.node('--test', '--test-reporter=tap', 'worse/my-store.test.ts')
    expect(run.status).toBe(1)
    expect(run.stdout).toMatch(/^not ok .* MyStore protects the texts of a request from the shell/m)
  })

  it('writes files with correct types, in which a wrong option is an error', async () => {
    const config = {
      extends: join(projectRoot, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(projectRoot, 'node_modules/@types')] },
      include: ['managers', 'wrong'],
    }
    await writeFile(at('package.json'), '{"type":"module"}')
    await writeFile(at('tsconfig.json'), JSON.stringify(config))
    const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc')
    expect(await folder.node(tsc, '--noEmit')).toEqual({ status: 0, stdout: '', stderr: '' })
    const text = await readFile(at('managers/my-store.ts'), 'utf8')
    await mkdir(at('wrong'))
    await writeFile(at('wrong/my-store.ts'), text.replaceAll('sidecarImage', 'image'))
    const { stdout } = await folder.node(tsc, '--noEmit')
    expect(stdout).toMatch(/^wrong\/my-store\.ts\(\d+,\d+\): error TS2339: Property 'image' does not exist/)
    expect(stdout.trim().split('\n')).toHaveLength(1)
  })

  it('writes a manager that a configuration can name and that serves a pod', async () => {
    expect(await folder.flyteWebhook('config', 'check', 'webhook.yaml')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/: valid; profile flyte1, managers Global, MyStore, digest /),
      stderr: '',
    })
    const pod = join(projectRoot, 'examples/task.yaml')
    const preview = await folder.flyteWebhook('preview', pod, '--secret', 'db/password:FILE')
    expect(preview).toMatchObject({ status: 0, stderr: '' })
    expect(preview.stdout).toContain('- name: my-store-pull-secret-0')
    expect(preview.stdout).toContain(
      'MyStore: will inject (existence not checked): file /etc/flyte/secrets/db/password;',
    )
  })

  it('does not overwrite an existing file', async () => {
    const before = await readFile(at('managers/my-store.ts'), 'utf8')
    const run = await folder.flyteWebhook('manager', 'init', 'MyStore')
    expect(run).toMatchObject({ status: 1, stdout: '' })
    expect(run.stderr).toContain('managers/my-store.ts already exists: give another name')
    expect(await readFile(at('managers/my-store.ts'), 'utf8')).toBe(before)
  })
})
