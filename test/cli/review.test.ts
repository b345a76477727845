import { execFile } from 'node:child_process'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createProgram } from '../../infra/cli/program.ts'
import { parseAllDocuments, stringify } from 'yaml'
import { captureTerminal } from '../support/captured-terminal.ts'
import { folderWith, shelf, shelfConfig } from '../managers/outside-folder.ts'
import { example } from '../support/webhook.ts'

const root = join(import.meta.dirname, '../..')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'review-'))
})

interface Run {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `flyte-webhook review` as an operator does. */
const review = (
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Run> =>
  new Promise((resolve) => {
    const launcher = join(root, 'infra/cli/flyte-webhook.js')
    const options = { cwd: root, env: { ...process.env, ...env } }
    const child = execFile(
      process.execPath,
      [launcher, 'review', ...args],
      options,
      (error, stdout, stderr) =>
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
    child.stdin?.end(input)
  })

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const answers = ({ stdout }: Run) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const uidOf = async (name: string): Promise<string> => JSON.parse(await example(name)).request.uid

describe('flyte-webhook review', () => {
  it('accepts a time-out that could not be registered', async () => {
    const config = await write('time-out.yaml', 'function: {registration: {timeoutSeconds: 1}}')
    expect(await review(['--config', config, 'examples/plain.json'])).toMatchObject({ status: 0, stderr: '' })
  })

  it('answers each file on its own line, in order', async () => {
    const run = await review(['examples/plain.json', 'examples/rich.json'])
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(answers(run).map(({ response }) => response.uid)).toEqual([
      await uidOf('plain'),
      await uidOf('rich'),
    ])
  })

  it('answers one document of several lines from standard input', async () => {
    const input = JSON.stringify(JSON.parse(await example('plain')), null, 2)
    expect(answers(await review([], { input }))).toMatchObject([
      { kind: 'AdmissionReview', response: { allowed: true } },
    ])
  })

  it('answers one document per line, and a broken line as over HTTP', async () => {
    const lines = [
      JSON.stringify(JSON.parse(await example('plain'))),
      '{"kind":',
      JSON.stringify(JSON.parse(await example('rich'))),
    ]
    const run = await review([], { input: `${lines.join('\n')}\n` })
    expect(run.status).toBe(2)
    expect(run.stderr).toBe('error: document 2 is not an AdmissionReview; preview takes a pod too\n')
    const [first, second, third] = answers(run)
    expect([first.response.allowed, third.response.allowed]).toEqual([true, true])
    expect(second).toMatchObject({
      http: 400,
      headers: { 'content-type': 'application/json' },
      body: { kind: 'Status', code: 400 },
    })
  })

  it('exits 0 if the webhook itself fails at a review, with a warning', async () => {
    const failing = shelf.replace(
      'const { group, key } = request',
      `$&\n        if (key === 'password') throw new Error('gone')`,
    )
    const own = await folderWith({ 'shelf.ts': failing, 'webhook.yaml': shelfConfig('./shelf.ts') })
    const run = await review(['--config', own.config, 'examples/plain.json'])
    await own.remove()
    expect(run.status).toBe(0)
    expect(answers(run)).toMatchObject([{ http: 500 }])
    expect(run.stderr).toContain('warning: document 1: the webhook failed; the log line above says why\n')
  })

  it('answers YAML like JSON, also from standard input', async () => {
    const input = stringify(JSON.parse(await example('plain')))
    const file = await write('plain.yaml', `${input}---\n${input}`)
    const asJson = (await review(['examples/plain.json'])).stdout
    expect((await review(['-f', file])).stdout).toBe(asJson + asJson)
    expect(await review(['-'], { input })).toEqual({ status: 0, stdout: asJson, stderr: '' })
  })

  it.each([
    { what: 'a pod', input: 'apiVersion: v1\nkind: Pod\n' },
    { what: 'something else', input: 'key: [' },
    { what: 'nothing', input: '' },
  ])('exits 2 for $what, and shows what the function would answer', async ({ input }) => {
    const run = await review(['-'], { input })
    expect(run.status).toBe(2)
    expect(answers(run)).toMatchObject([{ http: 400, body: { kind: 'Status', code: 400 } }])
    expect(run.stderr).toBe('error: document 1 is not an AdmissionReview; preview takes a pod too\n')
  })

  it('decodes the patch, and shows the patched pod without secret values', async () => {
    const config = await write(
      'global.yaml',
      'function: {profile: flyte2}\nwebhook: {secretManagerTypes: [Global, K8s]}\n',
    )
    const run = await review(['--decode', '--config', config, 'examples/plain.json', 'examples/rich.json'], {
      env: { 'FLYTE_SECRET_DB-CREDS_PASSWORD': 'from-environment' },
    })
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(run.stdout).not.toContain('from-environment')
    const [plain, rich] = parseAllDocuments(run.stdout).map((one) => one.toJS())
    expect(plain).toMatchObject({ uid: await uidOf('plain'), allowed: true })
    const { env } = plain.pod.spec.containers[0]
    expect(env).toContainEqual({ name: '_UNION_DB-CREDS_PASSWORD', value: '[redacted]' })
    expect(plain.patch).toContainEqual(expect.objectContaining({ op: 'add', value: env }))
    expect(rich.pod.metadata.name).toBe(JSON.parse(await example('rich')).request.object.metadata.name)
  })

  it('reads the configuration from the given file, and global secrets from its own environment and files', async () => {
    const config = await write(
      'both.yaml',
      `secrets: {secrets-prefix: ${folder}/secrets}\nfunction: {profile: flyte2}\nwebhook: {secretManagerTypes: [Global]}\n`,
    )
    const { request, ...rest } = JSON.parse(await example('plain'))
    const input = JSON.stringify({ ...rest, request })
    const run = await review(['--config', config], {
      input,
      env: { 'FLYTE_SECRET_DB-CREDS_PASSWORD': 'from-environment' },
    })
    const [{ response }] = answers(run)
    expect(Buffer.from(response.patch, 'base64').toString()).toContain(
      '"_UNION_DB-CREDS_PASSWORD","value":"from-environment"',
    )
    expect(response.auditAnnotations.injected).toBe('Global:1')
  })

  it('reads nothing from its process, only from its context', async () => {
    const { terminal, written } = captureTerminal()
    const environment = { 'FLYTE_SECRET_DB-CREDS_PASSWORD': 'of-the-context' }
    const program = createProgram({ terminal, now: () => new Date(0), environment })
    await program.parseAsync(['review', join(root, 'examples/plain.json')], { from: 'user' })
    const { response } = JSON.parse(written.stdout)
    expect(Buffer.from(response.patch, 'base64').toString()).toContain('of-the-context')
  })

  it('exits 2 with every problem of an invalid configuration and its line', async () => {
    const config = await write('wrong.yaml', 'webhook:\n  secretManagerType: Valt\n  sidecars: 1\n')
    const run = await review(['--config', config], { input: '{}' })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toContain('wrong.yaml:2: ')
    expect(run.stderr).toContain('Vault')
    expect(run.stderr).toContain('wrong.yaml:3: ')
    expect(run.stderr).not.toContain('    at ')
  })

  it.each([
    { what: 'a missing configuration', args: ['--config', 'no-such.yaml'], says: 'no-such.yaml' },
    { what: 'a missing input', args: ['no-such.json'], says: 'no-such.json' },
    { what: 'an unknown option', args: ['--confg', 'x'], says: '--config' },
  ])('exits 2 for $what', async ({ args, says }) => {
    const run = await review(args, { input: '{}' })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toContain(says)
    expect(run.stderr.trimEnd().split('\n').length).toBeLessThan(4)
  })

  it('shows how it is used', async () => {
    const run = await review(['--help'])
    expect(run.status).toBe(0)
    expect(run.stdout).toContain('Example:')
  })

  it('needs no file for the default configuration', async () => {
    const defaults = await review(['examples/plain.json'])
    const empty = await review(['--config', await write('empty.yaml', ''), 'examples/plain.json'])
    expect(defaults.stdout).toBe(empty.stdout)
    expect(await readFile(join(root, 'webhook.yaml'), 'utf8')).toContain('webhook:')
  })
})
