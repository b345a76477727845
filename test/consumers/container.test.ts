import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canRemount } from '../managers/scripts/pull-container.ts'
import type { Json } from '../support/pods.ts'
import { JsonLines } from './json-lines.ts'
import { hasSdks, python } from './python.ts'

describe.skipIf(!hasSdks || !canRemount)('a container in which flytekit reads', () => {
  let folder: string
  let program: JsonLines
  const started = (container: Json): Promise<Json> =>
    program.ask({ root: join(folder, 'root'), variables: {}, mounts: [], reads: [], ...container })
  const mount = (from: string, to: string, readOnly = true) => ({ from: join(folder, from), to, readOnly })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'container-'))
    for (const name of ['root', 'db', 'empty']) await mkdir(join(folder, name))
    await writeFile(join(folder, 'db/password'), ' of a file\n')
    await writeFile(join(folder, 'db/private'), 'of root')
    await chmod(join(folder, 'db/private'), 0o600)
    program = JsonLines.start(python, [join(import.meta.dirname, 'container.py')])
  })

  afterAll(async () => {
    await program.stop()
    await rm(folder, { recursive: true })
  })

  const ask = { flytekit: { group: 'DB', key: 'Password' } }
  const variables = { FLYTE_SECRETS_DEFAULT_DIR: '/s', FLYTE_SECRETS_ENV_PREFIX: 'P_' }

  it('prefers its variable over its file', async () => {
    const mounts = [mount('db', '/s/db')]
    expect(await started({ variables, mounts, reads: [ask] })).toMatchObject({
      results: [{ text: 'of a file', from: 'file', bytes: Buffer.from(' of a file\n').toString('base64') }],
    })
    const both = { ...variables, P_DB_PASSWORD: 'of a variable' }
    expect(await started({ variables: both, mounts, reads: [ask] })).toMatchObject({
      results: [{ text: 'of a variable', from: 'variable' }],
    })
  })

  it.each([
    { what: 'a variable without the prefix', more: { DB_PASSWORD: 'x' } },
    { what: 'the variables of the previous container', more: {} },
  ])('does not see $what', async ({ more }) => {
    expect(await started({ variables: { ...variables, ...more }, reads: [ask] })).toMatchObject({
      results: [{ error: expect.stringContaining('Unable to find secret for key Password in group DB') }],
    })
  })

  it('sees no files of this machine', async () => {
    expect(await started({ reads: [{ file: '/etc/passwd' }] })).toMatchObject({
      results: [{ error: expect.stringContaining('FileNotFoundError') }],
    })
  })

  it('is not root', async () => {
    const reads = [{ file: '/s/private' }]
    expect(await started({ mounts: [mount('db', '/s')], reads })).toMatchObject({
      results: [{ error: expect.stringContaining('PermissionError') }],
    })
  })

  it('does not start with a mount below a read-only one', async () => {
    const below = mount('db', '/s/db')
    expect(await started({ mounts: [below, mount('empty', '/s')] })).toEqual({
      error: expect.stringContaining('Read-only file system'),
    })
    expect(await started({ mounts: [below, mount('empty', '/s', false)] })).toEqual({ results: [] })
  })
})
