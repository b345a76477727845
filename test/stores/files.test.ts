import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createFileStore, type FileSystem } from '../../lib/stores/files.ts'

const signal = new AbortController().signal
const directory = mkdtempSync(join(tmpdir(), 'flyte-webhook-'))
afterAll(() => rmSync(directory, { recursive: true }))

mkdirSync(join(directory, 'db/folder'), { recursive: true })
writeFileSync(join(directory, 'db/password'), '\ufeffhunter2\r\n')
writeFileSync(join(directory, 'db/binary'), Buffer.from([0xff]))
writeFileSync(join(directory, 'secret'), 'beside the groups')
symlinkSync('loop', join(directory, 'db/loop'))

const disk: FileSystem = { exists: existsSync, readFile }
/** Returns a store's answer for a secret, a value as its text. */
const ask = async (group: string, key: string, during = signal): Promise<unknown> => {
  const answer = await createFileStore(directory, disk).get(group, key, during)
  return answer.kind === 'value' ? answer.value.reveal() : answer
}

/** Creates a file system that always fails and records the paths it was asked for. */
const failing = (error: unknown) => {
  const paths: string[] = []
  const read = (path: string) => {
    paths.push(path)
    return Promise.reject(error)
  }
  return { paths, store: createFileStore('/etc/secrets', { exists: () => true, readFile: read }) }
}

describe('the files below a directory', () => {
  it('hold secrets by group and key, to the last byte', async () => {
    expect(await ask('db', 'password')).toBe('\ufeffhunter2\r\n')
  })

  it.each([
    { what: 'there is no such group', group: 'api', key: 'password' },
    { what: 'there is no such key', group: 'db', key: 'Password' },
    { what: 'the key is a folder', group: 'db', key: 'folder' },
    { what: 'the group is a file', group: 'secret', key: 'k' },
    { what: 'the key is a link to itself', group: 'db', key: 'loop' },
    { what: 'the name is impossible for a file', group: 'db', key: 'k'.repeat(300) },
  ])('hold none if $what', async ({ group, key }) => {
    expect(await ask(group, key)).toEqual({ kind: 'absent' })
  })

  it('hold none if the directory is missing, and are not read', () => {
    const asked = () => Promise.reject(new Error('asked all the same'))
    const store = createFileStore('/nowhere', { exists: () => false, readFile: asked })
    expect(store.get('db', 'password', signal)).toEqual({ kind: 'absent' })
  })

  it.each(['.', '..', 'a/b', '../db', 'a\\b', 'a\0'])(
    'are never left: %j is not looked up',
    async (segment) => {
      const { paths, store } = failing(new Error('asked all the same'))
      expect(await store.get(segment, 'key', signal)).toEqual({ kind: 'absent' })
      expect(await store.get('group', segment, signal)).toEqual({ kind: 'absent' })
      expect(paths).toEqual([])
    },
  )

  it('can have dots in their names', async () => {
    const { paths, store } = failing(Object.assign(new Error(), { code: 'ENOENT' }))
    await store.get('...', '..k', signal)
    expect(paths).toEqual(['/etc/secrets/.../..k'])
  })
})

describe('a file that cannot be read', () => {
  const why = {
    notText: 'the file is not UTF-8, so it cannot be the value of a variable',
    notAllowed: 'the function cannot read the file: grant it permission',
    notRead: 'the file could not be read: try again',
  }

  it('is refused if it is not text', async () => {
    expect(await ask('db', 'binary')).toMatchObject({
      kind: 'failed',
      error: { code: 'store-refused', message: why.notText },
    })
  })

  it.each([
    {
      what: 'EACCES',
      cause: Object.assign(new Error(), { code: 'EACCES' }),
      code: 'store-refused',
      message: why.notAllowed,
    },
    {
      what: 'EPERM',
      cause: Object.assign(new Error(), { code: 'EPERM' }),
      code: 'store-refused',
      message: why.notAllowed,
    },
    {
      what: 'EIO',
      cause: Object.assign(new Error(), { code: 'EIO' }),
      code: 'store-unavailable',
      message: why.notRead,
    },
    {
      what: 'an error without a code',
      cause: new Error('odd'),
      code: 'store-unavailable',
      message: why.notRead,
    },
    { what: 'a value that is not an error', cause: 'odd', code: 'store-unavailable', message: why.notRead },
  ])('fails with $code after $what, with the cause', async ({ cause, code, message }) => {
    const answer = await failing(cause).store.get('db', 'password', signal)
    expect(answer).toMatchObject({ kind: 'failed', error: { code, message, cause } })
  })

  it('fails with store-unavailable when the call has ended', async () => {
    expect(await ask('db', 'password', AbortSignal.abort())).toMatchObject({
      kind: 'failed',
      error: { code: 'store-unavailable', message: why.notRead },
    })
  })
})
