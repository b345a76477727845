import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { flyteWebhook } from '../support/command.ts'
import { run } from '../support/program.ts'

const launcher = join(projectRoot, 'infra', 'cli', 'flyte-webhook.js')

/** The machine's own Node, if it is older than the project's. */
const olderNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'node'))
  .find((path) => {
    try {
      return (
        Number.parseInt(execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }), 10) < 24
      )
    } catch {
      return false
    }
  })

const nodes = [
  { age: 'Node 24', node: process.execPath, isHere: true },
  { age: 'an older Node', node: olderNode ?? '', isHere: olderNode !== undefined },
].filter(({ isHere }) => isHere)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'launcher-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe.each(nodes)('flyte-webhook under $age', { timeout: 20_000 }, ({ node }) => {
  it('answers standard input', async () => {
    const program = run(node, [launcher, 'review'])
    program.process.stdin?.end(await readFile(join(projectRoot, 'examples', 'plain.json')))
    expect(await program.ended).toBe(0)
    expect(JSON.parse(program.stdout()).response.allowed).toBe(true)
    expect(program.stderr()).toBe('')
  })

  it('passes the exit status on', async () => {
    const program = run(node, [launcher, 'review', '--no-such-option'])
    expect(await program.ended).toBe(2)
  })

  // A device of Linux that is always full.
  it.runIf(existsSync('/dev/full'))('fails in one line if its result cannot be written', async () => {
    const program = run('sh', ['-c', '"$0" "$@" > /dev/full', node, launcher, 'encode', 'db/password'])
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toBe(
      'error: standard output cannot be written (ENOSPC): a part of the result is lost\n',
    )
  })

  it('ends on SIGTERM, whatever it waits for', async () => {
    const program = run(node, [launcher, 'review'])
    await new Promise((resolve) => setTimeout(resolve, 500))
    program.process.kill('SIGTERM')
    expect(await program.ended).toBeOneOf(['SIGTERM', 143])
  })

  it('says in one line what to do if dependencies are not installed', async () => {
    const bare = await mkdtemp(join(folder, 'bare-'))
    await writeFile(join(bare, 'package.json'), '{"type":"module"}')
    await copyFile(launcher, join(bare, 'flyte-webhook.js'))
    const program = run(node, [join(bare, 'flyte-webhook.js'), 'review'], { cwd: bare })
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(/^error: .*npm ci.*\n$/)
  })
})

describe('the entry of the package', { timeout: 20_000 }, () => {
  const [major = '', minor = ''] = process.versions.node.split('.')
  it.each([
    { needed: `${major}.${minor}`, ended: { status: 0, stdout: 'ran\n', stderr: '' } },
    { needed: `${Number(major) - 1}.9999`, ended: { status: 0, stdout: 'ran\n', stderr: '' } },
    {
      needed: `${major}.${Number(minor) + 1}`,
      ended: {
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: flyte-webhook needs Node\.js /),
      },
    },
  ])('runs nothing on a Node that is older than the package needs: $needed', async ({ needed, ended }) => {
    const root = await mkdtemp(join(folder, 'package-'))
    const at = (name: string): string => join(root, 'infra/cli', name)
    await mkdir(at(''), { recursive: true })
    const manifest = { type: 'module', engines: { node: `>=${needed}` } }
    await writeFile(join(root, 'package.json'), JSON.stringify(manifest))
    await writeFile(at('main.ts'), "console.log('ran')")
    await copyFile(join(projectRoot, 'infra/cli/package-entry.js'), at('package-entry.js'))
    const program = run(process.execPath, [at('package-entry.js')])
    const status = await program.ended
    expect({ status, stdout: program.stdout(), stderr: program.stderr() }).toEqual(ended)
  })
})

describe('flyte-webhook', { timeout: 20_000 }, () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(await flyteWebhook(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    {
      what: 'an unknown command',
      args: ['foo'],
      says: "unknown command 'foo'; see flyte-webhook --help",
    },
    {
      what: 'a mistyped option',
      args: ['review', '--confg', 'x'],
      says: "unknown option '--confg' (Did you mean --config?); see flyte-webhook review --help",
    },
    {
      what: 'a missing option',
      args: ['tokens', 'list'],
      says: "required option '--digests <text>' not specified; see flyte-webhook tokens list --help",
    },
    {
      what: 'a malformed option',
      args: ['certs', 'status', '--secret', 'x'],
      says: "option '--secret <namespace/name>' argument 'x' is invalid. Write it as <namespace>/<name>; see flyte-webhook certs status --help",
    },
  ])('says in one line what is wrong, and where to look: $what', async ({ args, says }) => {
    expect(await flyteWebhook(args)).toEqual({
      status: 2,
      stdout: '',
      stderr: `error: ${says}\n`,
    })
  })
})
