import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { shelf, shelfConfig } from '../managers/outside-folder.ts'
import { flyteWebhook } from '../support/command.ts'

let folder = ''
const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('flyte-webhook config', { timeout: 20_000 }, () => {
  it('summarizes a valid configuration and prints its notices', async () => {
    const file = await write(
      'right.yaml',
      'webhook:\n  certDir: x\n  secretManagerTypes: [azure, global]\nfunction: {profile: flyte1}\n',
    )
    const run = await flyteWebhook(['config', 'check', file])
    expect(run.status).toBe(0)
    expect(run.stdout).toMatch(
      /right\.yaml: valid; profile flyte1, managers Global, Azure, digest [0-9a-f]{16}\n$/,
    )
    expect(run.stderr).toMatch(/right\.yaml:2: webhook\.certDir has no effect here/)
    expect(JSON.parse((await flyteWebhook(['config', 'check', file, '-o', 'json'])).stdout)).toMatchObject({
      problems: [],
      notices: [{ line: 2, path: 'webhook.certDir' }],
      managers: ['Global', 'Azure'],
    })
  })

  it('exits 2 with every problem and its line', async () => {
    const file = await write('wrong.yaml', 'webhook:\n  foo: 1\nfunction:\n  profile: flyte3\n')
    const text = await flyteWebhook(['config', 'check', file])
    expect(text).toMatchObject({ status: 2, stdout: '' })
    expect(text.stderr).toMatch(/wrong\.yaml:2: webhook\.foo: .*\n.*wrong\.yaml:4: function\.profile: /)
    const json = await flyteWebhook(['config', 'check', file, '-o', 'json'])
    expect(json).toMatchObject({ status: 2, stderr: '' })
    expect(JSON.parse(json.stdout).problems).toMatchObject([{ line: 2 }, { line: 4 }])
  })

  it('knows the keys of an added manager: reports a typo with its line and the closest name', async () => {
    await write('shelf.ts', shelf)
    const file = await write('outside.yaml', shelfConfig('./shelf.ts', '      shelv: a\n'))
    const run = await flyteWebhook(['config', 'check', file])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(
      /outside\.yaml:8: function\.managers\.Shelf\.shelv: unknown key; did you mean shelf\?\n$/,
    )
  })

  it('exits 2 for a time-out that ends before the function does, and names both', async () => {
    const file = await write('time-out.yaml', 'function:\n  registration:\n    timeoutSeconds: 9\n')
    const run = await flyteWebhook(['config', 'check', file])
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(
      /time-out\.yaml:3: function\.registration\.timeoutSeconds: must be 10 or more, not 9: the function can take 8 seconds /,
    )
  })

  it('prints the committed JSON Schema', async () => {
    const { stdout } = await flyteWebhook(['config', 'schema'])
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(await readFile(join(projectRoot, 'webhook.schema.json'), 'utf8')),
    )
  })

  it('explains a key, and exits 2 for an unknown one', async () => {
    const known = await flyteWebhook(['config', 'explain', 'function.profile'])
    expect(known).toMatchObject({ status: 0, stdout: expect.stringContaining('flyte1 | flyte2') })
    const json = await flyteWebhook(['config', 'explain', 'function.profile', '-o', 'json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ key: 'function.profile', default: 'flyte1', keys: [] })
    const unknown = await flyteWebhook(['config', 'explain', 'function.profil'])
    expect(unknown).toMatchObject({ status: 2, stdout: '' })
    expect(unknown.stderr).toMatch(/^error: .* did you mean profile\?\n$/)
  })
})
