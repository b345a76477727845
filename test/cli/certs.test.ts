import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import {
  chmod,
  cp,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { encodeCertificates } from '../../infra/certs/certificates.ts'
import { createDirectoryPlace } from '../../infra/certs/directory-place.ts'
import { PlaceConflict, updatePlace } from '../../infra/certs/place.ts'
import { activateRotation, createCertificates, prepareRotation } from '../../infra/certs/rotation.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { host, opensslVerify, wish } from '../support/certificates.ts'
import { certs } from '../support/certs-command.ts'
import { shakeHands } from '../support/handshake.ts'

const now = new Date()
const url = `https://${host}/cluster/a-token/mutate--v1-pod`

let parent: string
let directory: string
let made = 0
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'certs-command-'))
})
beforeEach(() => {
  directory = join(parent, `${made++}`)
})
afterAll(() => rm(parent, { recursive: true }))

const pem = (name: string): Promise<string> => readFile(join(directory, name), 'utf8')

/** Returns whether a client accepts a server with this directory's certificate. The client's bundle defaults to this directory's. */
const works = async (ca?: string): Promise<boolean> =>
  shakeHands({
    cert: await pem('tls.crt'),
    key: await pem('tls.key'),
    ca: ca ?? (await pem('ca.crt')),
    servername: host,
  })

/** The steps of a rotation, run in this process. */
const steps = {
  init: () =>
    updatePlace(
      createDirectoryPlace(directory),
      async (before) => ({ certificates: before ?? (await createCertificates(wish, now)) }),
      { dryRun: false },
    ),
  prepare: () =>
    updatePlace(
      createDirectoryPlace(directory),
      async (before = absent()) => prepareRotation(before, { wish: {}, force: true, now }),
      { dryRun: false },
    ),
  activate: () =>
    updatePlace(createDirectoryPlace(directory), async (before = absent()) => activateRotation(before, now), {
      dryRun: false,
    }),
}
const absent = (): never => {
  throw new Error('there are no certificates')
}

describe('flyte-webhook certs, in a directory', { timeout: 60_000 }, () => {
  it('creates certificates once and rotates them in two steps', async () => {
    const init = ['init', '--url', url, '--directory', directory]
    const first = await certs(init)
    expect(first).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`register --url https://${host} `),
    })
    const [oldCa, oldCert] = [await pem('ca.crt'), await pem('tls.crt')]
    expect(await opensslVerify(oldCert, oldCa, '-verify_hostname', host)).toContain(': OK')
    expect(await certs(init)).toMatchObject({ status: 0, stdout: expect.stringContaining('kept') })
    expect(await pem('tls.crt')).toBe(oldCert)

    const rotate = ['rotate', '--directory', directory]
    expect(await certs(rotate)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no rotation is due'),
    })
    expect(await certs([...rotate, '--force'])).toMatchObject({ status: 0 })
    expect(await pem('tls.crt')).toBe(oldCert)
    expect((await pem('ca.crt')).endsWith(oldCa)).toBe(true)
    expect(await certs(['status', '--directory', directory])).toMatchObject({ status: 3 })

    expect(await certs([...rotate, '--activate'])).toMatchObject({ status: 0 })
    expect(await pem('tls.crt')).not.toBe(oldCert)
    expect(await works()).toBe(true)
    expect(await works(oldCa)).toBe(false)
    expect(await certs(['status', '--directory', directory])).toMatchObject({ status: 0 })
    expect(await certs([...rotate, '--activate'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('no next certificate is ready'),
    })
  })

  it('shows neither a key nor a part of the URL in any form', async () => {
    const answers = [
      await certs(['init', '--url', url, '--directory', directory, '-o', 'json']),
      await certs(['rotate', '--force', '--url', url, '--directory', directory, '-o', 'json']),
      await certs(['status', '--directory', directory, '-o', 'json']),
    ]
    for (const { stdout, stderr } of answers) {
      expect(`${stdout}${stderr}`).not.toMatch(/PRIVATE|a-token/u)
      expect(JSON.parse(stdout).certificates[0]).toMatchObject({
        role: 'server',
        names: [host],
        daysLeft: 364,
      })
    }
    expect(JSON.parse(answers[1]?.stdout ?? '').caBundle).toBe(await pem('ca.crt'))
    expect((await stat(join(directory, 'tls.key'))).mode & 0o777).toBe(0o600)
  })

  it('changes nothing in a dry run', async () => {
    const dry = await certs(['init', '--url', url, '--directory', directory, '--dry-run'])
    expect(dry).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/would create .*dry run/u),
    })
    await expect(readdir(directory)).rejects.toThrow('ENOENT')
    await steps.init()
    const before = await readdir(directory, { recursive: true })
    const rotate = await certs(['rotate', '--force', '--directory', directory, '--dry-run'])
    expect(rotate).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('would create') })
    expect(await readdir(directory, { recursive: true })).toEqual(before)
  })

  it('lists only existing certificates in a dry run', async () => {
    const dry = async (...args: readonly string[]) => {
      const { stdout } = await certs([...args, '--directory', directory, '--dry-run', '-o', 'json'])
      return JSON.parse(stdout)
    }
    const initial = await dry('init', '--url', url)
    expect(initial).toMatchObject({ step: 'made', isChanged: true, dryRun: true, certificates: [] })
    expect(initial).not.toHaveProperty('caBundle')
    await steps.init()
    const prepared = await dry('rotate', '--force')
    expect(prepared).not.toHaveProperty('caBundle')
    expect(prepared).toMatchObject({
      step: 'prepared',
      certificates: [
        { role: 'server', fingerprint: new X509Certificate(await pem('tls.crt')).fingerprint256 },
        { role: 'authority', fingerprint: new X509Certificate(await pem('ca.crt')).fingerprint256 },
      ],
    })
  })

  it('prints next commands that a shell runs once their dots are filled in', async () => {
    directory = join(parent, `${made++}, the operator's`)
    await steps.init()
    const { stderr } = await certs(['rotate', '--force', '--directory', directory])
    const [, register = '', activate = ''] = stderr.split('\n  ')
    const tokenFile = join(parent, 'token')
    await writeFile(tokenFile, 'a'.repeat(43))
    const shell = (command: string) => {
      const launcher = join(projectRoot, 'infra/cli/flyte-webhook.js')
      const run = `'${process.execPath}' '${launcher}'`
      const words = command.replace(/^flyte-webhook/u, run)
      return promisify(execFile)('sh', ['-c', words], { cwd: projectRoot })
    }
    // `manifest` takes the same options as `register`, but needs no cluster.
    const manifest = register
      .replace(' register ', ' manifest ')
      .replace('--cluster …', '--cluster production')
      .replace('--token-file …', `--token-file '${tokenFile}'`)
    const bundle = Buffer.from(await pem('ca.crt')).toString('base64')
    expect((await shell(manifest)).stdout).toContain(bundle)
    expect((await shell(activate)).stdout).toContain('activated the next certificate')
  })

  it('shows an example of each of its commands, and how status ends', async () => {
    expect((await certs(['--help'])).stdout).toContain('\nExample:\n')
    expect((await certs(['status', '--help'])).stdout).toMatch(/Exit status: 0 .* 3 .* 1 /u)
  })

  it('says what to do if the directory is a file', async () => {
    await writeFile(directory, '')
    for (const args of [['init', '--url', url], ['status'], ['rotate']])
      expect(await certs([...args, '--directory', directory])).toMatchObject({
        status: 1,
        stderr: `error: the directory ${directory} cannot be used (ENOTDIR): name a new directory, or one that you can write to\n`,
      })
  })

  it('leaves other certificates alone', async () => {
    await mkdir(directory)
    await writeFile(join(directory, 'tls.key'), 'mine')
    const init = await certs(['init', '--url', url, '--directory', directory])
    expect(init).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error: .*tls\.key is not the link that .*: move it away\n$/u),
    })
    expect(await pem('tls.key')).toBe('mine')
  })

  describe('if another user could redirect a path', () => {
    /** Moves a file or folder away and replaces it with a link to it. */
    const linked = async (name: string) => {
      const path = join(directory, name)
      const elsewhere = join(parent, `elsewhere-${made++}`)
      await rename(path, elsewhere)
      await symlink(elsewhere, path)
    }
    const nobody = 65534
    const within = (name: string) => join(directory, name)
    const rows: readonly {
      what: string
      spoil: () => Promise<void>
      says: string
      needsRoot?: boolean
    }[] = [
      { what: 'the directory is a link', spoil: () => linked(''), says: '/\\d+ is a symbolic link' },
      {
        what: '.versions is a link',
        spoil: () => linked('.versions'),
        says: '\\.versions is a symbolic link',
      },
      {
        what: 'a version is a link',
        spoil: () => linked('.versions/1'),
        says: '\\.versions/1 is a symbolic link',
      },
      {
        what: 'a file of a version is a link',
        spoil: () => linked('.versions/1/tls.key'),
        says: '\\.versions/1/tls\\.key is a symbolic link',
      },
      {
        what: '.current leads elsewhere',
        spoil: async () => {
          await rm(within('.current'))
          await symlink(parent, within('.current'))
        },
        says: '\\.current is not the link',
      },
      {
        what: 'tls.key is a file',
        spoil: async () => {
          await rm(within('tls.key'))
          await writeFile(within('tls.key'), 'mine')
        },
        says: 'tls\\.key is not the link',
      },
      {
        what: 'tls.key leads elsewhere',
        spoil: async () => {
          await rm(within('tls.key'))
          await symlink(parent, within('tls.key'))
        },
        says: 'tls\\.key is not the link',
      },
      {
        what: '.current is a directory',
        spoil: async () => {
          await rm(within('.current'))
          await mkdir(within('.current'))
        },
        says: '\\.current is not the link',
      },
      ...(['', '.versions', '.versions/1', '.versions/1/tls.key'] as const).flatMap((name) => [
        ...[0o20, 0o02].map((bit) => ({
          what: `${name || 'the directory'} is writable with the mode ${bit.toString(8)}`,
          spoil: async () => chmod(within(name), (await stat(within(name))).mode | bit),
          says: 'is writable by group or others, .* \\(chmod go-w\\)',
        })),
        {
          what: `${name || 'the directory'} belongs to another user`,
          spoil: () => lchown(within(name), nobody, nobody),
          says: 'belongs to another user \\(uid 65534\\)',
          needsRoot: true,
        },
      ]),
      {
        what: '.current belongs to another user',
        spoil: () => lchown(within('.current'), nobody, nobody),
        says: '\\.current belongs to another user',
        needsRoot: true,
      },
    ]
    const isRoot = process.getuid?.() === 0
    const commands = [['init', '--url', url], ['rotate', '--force'], ['rotate', '--activate'], ['status']]

    it.each(rows.filter(({ needsRoot = false }) => isRoot || !needsRoot))(
      'refuses to read, write and rotate: $what',
      async ({ spoil, says }) => {
        await steps.init()
        await spoil()
        for (const args of commands) {
          const run = await certs([...args, '--directory', directory])
          expect({ args, ...run }).toMatchObject({ args, status: 1, stdout: '' })
          expect(run.stderr).toMatch(new RegExp(`^error: .*${says}.*\n$`))
        }
      },
    )

    it.each([
      {
        what: '.versions is a link to another directory',
        prepare: async () => {
          await mkdir(within('elsewhere'))
          await symlink('elsewhere', within('.versions'))
        },
      },
      {
        what: '.versions can be written by everyone',
        prepare: async () => {
          await mkdir(within('.versions'))
          await chmod(within('.versions'), 0o777)
        },
      },
    ])('refuses to create certificates: $what', async ({ prepare }) => {
      await mkdir(directory, { mode: 0o700 })
      await prepare()
      const before = await readdir(directory, { recursive: true })
      const run = await certs(['init', '--url', url, '--directory', directory])
      expect(run).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('.versions ') })
      expect(await readdir(directory, { recursive: true })).toEqual(before)
    })
  })

  it.each([
    { what: 'no place', args: ['status'], status: 2, says: '--directory or --secret' },
    {
      what: 'two places',
      args: ['status', '--directory', 'a', '--secret', 'b/c'],
      status: 2,
      says: 'cannot be used with',
    },
    {
      what: 'a URL without TLS',
      args: ['init', '--url', 'http://a-token/', '--directory', 'a'],
      status: 2,
      says: 'not the https URL',
    },
    {
      what: 'a step that cannot be forced',
      args: ['rotate', '--activate', '--force', '--directory', 'a'],
      status: 2,
      says: 'cannot be used with',
    },
    {
      what: 'a validity of 0 days',
      args: ['rotate', '--validity-days', '0', '--directory', 'a'],
      status: 2,
      says: 'whole number of days',
    },
    {
      what: 'an ARN of another service',
      args: ['rotate', '--acm', 'arn:aws:iam::1:role/x', '--directory', 'a'],
      status: 2,
      says: 'arn:aws:acm:',
    },
    {
      what: 'rotating an empty place',
      args: ['rotate', '--directory', 'no-such-directory'],
      status: 1,
      says: 'certs init',
    },
    {
      what: 'the status of an empty place',
      args: ['status', '--directory', 'no-such-directory'],
      status: 1,
      says: 'certs init',
    },
  ])('says in one line what is wrong with $what', async ({ args, status, says }) => {
    const answer = await certs(args)
    expect(answer).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(says) })
    expect(answer.stderr).not.toMatch(/ {4}at |a-token/u)
  })

  const kills = [
    { step: 'init', args: ['init', '--url', url], before: [], changes: 14 },
    { step: 'prepare', args: ['rotate', '--force'], before: ['init'], changes: 10 },
    { step: 'activate', args: ['rotate', '--activate'], before: ['init', 'prepare'], changes: 10 },
  ] as const
  it.each(kills)(
    'leaves a working pair wherever $step is killed, and the next run completes it',
    { timeout: 240_000 },
    async ({ step, args, before, changes }) => {
      for (const earlier of before) await steps[earlier]()
      const [start, trusted] = [directory, before.length > 0 ? await pem('ca.crt') : undefined]
      let killedAt = 0
      for (let status: unknown = 'SIGKILL'; status === 'SIGKILL'; ) {
        killedAt += 1
        directory = `${start}-${step}-${killedAt}`
        if (before.length > 0) await cp(start, directory, { recursive: true, verbatimSymlinks: true })
        status = (await certs([...args, '--directory', directory], { killedAt })).status
        // The bundle from before the step suffices during and after it.
        if (trusted !== undefined) expect(await works(trusted)).toBe(true)
        if (trusted !== undefined) expect(await works()).toBe(true)
        await steps[step]()
        expect(await works(trusted)).toBe(true)
        const { files } = await createDirectoryPlace(directory).read()
        for (const name of ['ca.crt', 'tls.crt', 'tls.key']) expect(await pem(name)).toBe(files[name])
        expect((await readdir(directory)).toSorted()).toEqual([
          '.current',
          '.versions',
          'ca.crt',
          'tls.crt',
          'tls.key',
        ])
        if (status !== 'SIGKILL') expect(status).toBe(0)
      }
      // Every change to the file system was interrupted once.
      expect(killedAt - 1).toBe(changes)
    },
  )
})

describe('two runs in one directory', () => {
  it('leave one complete set of certificates, whichever wins', async () => {
    await Promise.all([steps.init(), steps.init(), steps.init()])
    await Promise.all([steps.prepare(), steps.prepare(), steps.prepare()])
    const bundle = await pem('ca.crt')
    expect(bundle.match(/BEGIN/gu)).toHaveLength(2)
    await Promise.all([steps.activate(), steps.activate(), steps.prepare()])
    expect(await works(bundle)).toBe(true)
  })

  it('as programs: all succeed, and rotate once together', { timeout: 60_000 }, async () => {
    await steps.init()
    const args = ['rotate', '--force', '--directory', directory]
    const runs = await Promise.all([certs(args), certs(args), certs(args)])
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0])
    expect((await pem('ca.crt')).match(/BEGIN/gu)).toHaveLength(2)
    expect(await works()).toBe(true)
  })

  it('cannot replace a version that is no longer current', async () => {
    await steps.init()
    const place = createDirectoryPlace(directory)
    const stale = await place.read()
    await steps.prepare()
    const files = encodeCertificates(await createCertificates(wish, now))
    const write = (replaces: string | undefined) => place.write(files, { replaces, dryRun: false })
    await expect(write(stale.version)).rejects.toThrow(PlaceConflict)
    await steps.activate()
    await steps.prepare()
    await expect(write(undefined)).rejects.toThrow(PlaceConflict)
    expect(await works()).toBe(true)
  })
})
