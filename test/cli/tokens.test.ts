import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flyteWebhook } from '../support/command.ts'
import { sha256Hex } from '../support/webhook.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'))
})
afterAll(() => rm(folder, { recursive: true }))

const first = ['--cluster', 'eu', '--digests', '']
const tokens = (...args: readonly string[]) => flyteWebhook(['tokens', ...args])

describe('flyte-webhook tokens', { timeout: 20_000 }, () => {
  it('shows a new token once, to standard output, with the parameter that holds its digest', async () => {
    const run = await tokens('create', ...first)
    const [, token = '', parameter] = /^token=(.{43})\ncallerTokenSha256=(.*)\n$/.exec(run.stdout) ?? []
    expect(run.status).toBe(0)
    expect(parameter).toBe(`eu=${sha256Hex(token)}`)
    expect(run.stderr).not.toContain(token)
    expect((await tokens('create', ...first)).stdout).not.toBe(run.stdout)
  })

  it('writes it to a new file that only its owner can read, and prints it nowhere', async () => {
    const file = join(folder, 'eu.token')
    const run = await tokens('create', ...first, '--token-file', file, '-o', 'json')
    const token = (await readFile(file, 'utf8')).trimEnd()
    expect(JSON.parse(run.stdout)).toEqual({
      cluster: 'eu',
      tokenFile: file,
      sha256: sha256Hex(token),
      parameter: `eu=${sha256Hex(token)}`,
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const again = await tokens('create', ...first, '--token-file', file)
    expect(again).toMatchObject({ status: 1, stdout: '' })
    expect(again.stderr).toMatch(/already exists: name a new file\n$/)
    expect((await readFile(file, 'utf8')).trimEnd()).toBe(token)
  })

  it('replaces a token of the configuration with one of the parameter', async () => {
    const [old, config] = [sha256Hex('old'), join(folder, 'webhook.yaml')]
    await writeFile(config, `function: {callers: {clusters: {eu: {tokenSha256: [${old}]}}}}`)
    const rotated = await tokens('rotate', ...first, '--config', config, '-o', 'json')
    const { token, parameter } = JSON.parse(rotated.stdout)
    expect(parameter).toBe(`eu=${sha256Hex(token)}`)
    const both = ['--config', config, '--digests', parameter]
    expect((await tokens('list', ...both)).stdout).toBe(
      `CLUSTER  SLOT  SHA-256       FROM\neu       1     ${old.slice(0, 12)}  configuration\neu       2     ${sha256Hex(token).slice(0, 12)}  parameter\n`,
    )
    expect(JSON.parse((await tokens('list', ...both, '-o', 'json')).stdout)).toEqual({
      tokens: [
        { cluster: 'eu', slot: 1, sha256: old, home: 'configuration' },
        { cluster: 'eu', slot: 2, sha256: sha256Hex(token), home: 'parameter' },
      ],
    })
    const refused = await tokens('retire', '--cluster', 'eu', ...both)
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('delete it there')
  })

  it('removes the older token of the parameter', async () => {
    const [old, young] = [sha256Hex('old'), sha256Hex('young')]
    const run = await tokens('retire', '--cluster', 'eu', '--digests', `eu=${old},eu=${young}`)
    expect(run).toMatchObject({ status: 0, stdout: `callerTokenSha256=eu=${young}\n`, stderr: '' })
  })

  it('keeps the tokens of other clusters, whether their digests are given alone or as printed', async () => {
    const us = `us=${sha256Hex('us')}`
    for (const digests of [us, `callerTokenSha256=${us}\n`]) {
      const run = await tokens('create', '--cluster', 'eu', '--digests', digests)
      expect(run.stdout).toMatch(new RegExp(`\ncallerTokenSha256=${us},eu=[0-9a-f]{64}\n$`))
      expect(run.stderr).toMatch(/The next deployment accepts tokens of: us, eu\. No others\.\n$/)
    }
  })

  describe('with --digests-file', () => {
    const inFile = (file: string) => ['--digests-file', file]
    const eu = ['--cluster', 'eu']
    const newFolder = () => mkdtemp(join(folder, 'digests-'))

    it('keep the parameter in a file, which need not exist, and lose nothing when run again', async () => {
      const within = await newFolder()
      const file = join(within, 'production.digests')
      const create = [...eu, ...inFile(file), '--token-file', join(within, 'eu.token')]
      const created = await tokens('create', ...create)
      expect(created).toMatchObject({ status: 0, stdout: '' })
      expect(created.stderr).toContain(`Deploy with the parameter in ${file} (--param "$(cat ${file})")`)
      const token = (await readFile(join(within, 'eu.token'), 'utf8')).trimEnd()
      const one = `callerTokenSha256=eu=${sha256Hex(token)}\n`
      expect(await readFile(file, 'utf8')).toBe(one)

      const again = await tokens('create', ...create)
      expect(again).toMatchObject({ status: 1, stdout: '' })
      expect(again.stderr).toContain(
        'the cluster eu already has a token: create the next one with tokens rotate',
      )
      expect(await readFile(file, 'utf8')).toBe(one)

      const rotated = await tokens('rotate', ...eu, ...inFile(file), '-o', 'json')
      const { token: next, digestsFile } = JSON.parse(rotated.stdout)
      expect(digestsFile).toBe(file)
      const both = `callerTokenSha256=eu=${sha256Hex(token)},eu=${sha256Hex(next)}\n`
      expect(await readFile(file, 'utf8')).toBe(both)

      const full = await tokens('rotate', ...eu, ...inFile(file))
      expect(full).toMatchObject({ status: 1, stdout: '' })
      expect(full.stderr).toContain(
        'the cluster eu already has two tokens: remove the older one with tokens retire',
      )
      expect(await readFile(file, 'utf8')).toBe(both)

      const retired = await tokens('retire', ...eu, ...inFile(file))
      expect(retired).toMatchObject({ status: 0, stdout: '' })
      expect(retired.stderr).toContain(`Deploy with the parameter in ${file}`)
      expect(await readFile(file, 'utf8')).toBe(`callerTokenSha256=eu=${sha256Hex(next)}\n`)
      expect((await readdir(within)).toSorted()).toEqual(['eu.token', 'production.digests'])
    })

    it('keep the tokens of other clusters, the mode of the file, and a link to it', async () => {
      const within = await newFolder()
      const [file, link] = [join(within, 'digests'), join(within, 'link')]
      await writeFile(file, `us=${sha256Hex('us')}`)
      await chmod(file, 0o640)
      await symlink('digests', link)
      const { stdout } = await tokens('create', ...eu, ...inFile(link))
      const [, token = ''] = /^token=(.{43})\n$/.exec(stdout) ?? []
      expect(await readFile(file, 'utf8')).toBe(
        `callerTokenSha256=us=${sha256Hex('us')},eu=${sha256Hex(token)}\n`,
      )
      expect((await stat(file)).mode & 0o777).toBe(0o640)
      expect((await lstat(link)).isSymbolicLink()).toBe(true)
    })

    it('lose no digest if several run at once: each is stored, or its command says that it is not', async () => {
      const within = await newFolder()
      const file = join(within, 'digests')
      const clusters = ['a', 'b', 'c', 'd', 'e', 'f']
      const runs = await Promise.all(
        clusters.map((cluster) => tokens('create', '--cluster', cluster, ...inFile(file))),
      )
      const stored = await readFile(file, 'utf8')
      for (const [index, { status, stdout, stderr }] of runs.entries()) {
        const has = stored.includes(`${clusters[index]}=`)
        expect(status).toBe(has ? 0 : 1)
        if (!has) expect(stderr).toMatch(/another run (?:is changing|has just changed)/)
        expect(stdout === '').toBe(!has)
      }
      expect(runs.some(({ status }) => status === 0)).toBe(true)
      expect(await readdir(within)).toEqual(['digests'])
    })

    it('name what another run that was killed has left', async () => {
      const within = await newFolder()
      const file = join(within, 'digests')
      await writeFile(`${file}.new`, '')
      const run = await tokens('create', ...eu, ...inFile(file), '--token-file', join(within, 'token'))
      expect(run).toMatchObject({ status: 1, stdout: '' })
      expect(run.stderr).toContain(`${file}.new exists`)
      expect(await readdir(within)).toEqual(['digests.new'])
    })

    it('refuse a file that a shell has emptied before they read it', async () => {
      const within = await newFolder()
      const file = join(within, 'digests')
      await writeFile(file, '')
      const run = await tokens('create', ...eu, ...inFile(file), '--token-file', join(within, 'token'))
      expect(run).toMatchObject({ status: 1, stdout: '' })
      expect(run.stderr).toContain('is empty, so its digests are lost: restore it')
      expect(await readdir(within)).toEqual(['digests'])
    })

    it('leave no token if its digest cannot be stored', async () => {
      const within = await newFolder()
      const run = await tokens(
        'create',
        ...eu,
        ...inFile(join(within, 'no-folder', 'digests')),
        '--token-file',
        join(within, 'token'),
      )
      expect(run).toMatchObject({ status: 1, stdout: '' })
      expect(run.stderr).toMatch(/digests cannot be written \(ENOENT\): name a writable file\n$/)
      expect(await readdir(within)).toEqual([])
    })

    it.each([
      { what: 'both homes of the parameter', args: ['--digests', ''], says: 'cannot be used with' },
      { what: 'a folder', file: 'a-folder', says: 'cannot be read (EISDIR)' },
      {
        what: 'a file with other content',
        file: 'other',
        says: 'other: entry 1 is not <cluster>=<SHA-256 in hex>',
      },
    ])('exit 2 for $what', async ({ args = [], file = 'none', says }) => {
      const within = await newFolder()
      await mkdir(join(within, 'a-folder'))
      await writeFile(join(within, 'other'), 'token')
      const run = await tokens('create', ...eu, ...inFile(join(within, file)), ...args)
      expect(run).toMatchObject({ status: 2, stdout: '' })
      expect(run.stderr).toContain(says)
      expect(await readFile(join(within, 'other'), 'utf8')).toBe('token')
    })
  })

  it.each([
    { what: 'create without a cluster', args: ['create', '--digests', ''], says: '--cluster' },
    { what: 'create without digests', args: ['create', '--cluster', 'eu'], says: '--digests' },
    { what: 'rotate without digests', args: ['rotate', '--cluster', 'eu'], says: '--digests' },
    { what: 'retire without digests', args: ['retire', '--cluster', 'eu'], says: '--digests' },
    { what: 'list without digests', args: ['list'], says: '--digests' },
    {
      what: 'retire with an empty digest',
      args: ['retire', '--cluster', 'eu', '--digests', `eu=${sha256Hex('a')}`, '--digest', ''],
      says: 'is not a digest',
    },
  ])('exits 2 for $what', async ({ args, says }) => {
    const run = await tokens(...args)
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toContain(says)
  })
})
