import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { run } from '../support/program.ts'

const token = 'abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJK-0123'
const complete = ['--url', `https://h.example/prod/p/${token}/mutate--v1-pod`]
const base = ['--url', 'https://h.example/prod', '--cluster', 'production']

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

/** The developer's environment can contain a token. */
const { FLYTE_WEBHOOK_TOKEN: _, ...environment } = process.env

/** Runs `flyte-webhook manifest` as an operator does. */
const manifest = async (args: readonly string[], { input = '', env = {} } = {}) => {
  const program = run(process.execPath, ['infra/cli/flyte-webhook.js', 'manifest', ...args], {
    env: { ...environment, ...env },
  })
  program.process.stdin?.end(input)
  const status = await program.ended
  return { status, stdout: program.stdout(), stderr: program.stderr() }
}

const urlIn = (text: string): unknown => parse(text).webhooks[0].clientConfig.url

describe('flyte-webhook manifest', () => {
  it.each([
    { from: 'a file', args: async () => ['--token-file', await write('token', `${token}\n`)], world: {} },
    { from: 'standard input', args: async () => ['--token-file', '-'], world: { input: token } },
    { from: 'its environment', args: async () => [], world: { env: { FLYTE_WEBHOOK_TOKEN: token } } },
  ])('writes the URL with the token from $from, and says so', async ({ args, world }) => {
    const { status, stdout, stderr } = await manifest([...base, ...(await args())], world)
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'warning: the URL contains the token: keep the manifest out of Git, and show it to nobody\n',
    })
    expect(urlIn(stdout)).toBe(`https://h.example/prod/production/${token}/mutate--v1-pod`)
  })

  it('writes a placeholder for a missing token, and says so', async () => {
    const { status, stdout, stderr } = await manifest(base)
    expect(status).toBe(0)
    expect(urlIn(stdout)).toBe('https://h.example/prod/production/${FLYTE_WEBHOOK_TOKEN}/mutate--v1-pod')
    // Variable substitution finds only the placeholder.
    expect(stdout.match(/\$/g)).toHaveLength(1)
    expect(stderr).toMatch(/^the URL contains \$\{FLYTE_WEBHOOK_TOKEN\}.*\n$/)
  })

  it('writes no match conditions for an older cluster', async () => {
    const { stdout } = await manifest([...base, '--kubernetes-version', '1.29'])
    expect(stdout).not.toContain('matchConditions')
  })

  it.each([
    { what: 'no cluster', args: ['--url', 'https://h.example'], says: '--cluster' },
    {
      what: 'a guard for an older cluster',
      args: [...base, '--guard', '--kubernetes-version', '1.29'],
      says: '1.30',
    },
    {
      what: 'break-glass users for an older cluster',
      args: [...base, '--break-glass-user', 'a', '--kubernetes-version', '1.29'],
      says: '1.30',
    },
    {
      what: 'a complete URL of another cluster',
      args: [...complete, '--cluster', 'q'],
      says: '--cluster is q, but the URL names p',
    },
    {
      what: 'a complete URL whose token is not the one in the file',
      args: [...complete, '--token-file', '-'],
      input: `${token.slice(1)}x`,
      says: 'standard input: it differs from the token in the URL',
    },
    {
      what: 'no cluster anywhere',
      args: ['--url', 'https://h.example/prod'],
      says: 'name the cluster with --cluster, or give the complete URL',
    },
    {
      what: 'a missing token file',
      args: [...base, '--token-file', 'no-such-file'],
      says: 'no-such-file',
    },
    { what: 'an invalid token', args: [...base, '--token-file', 'package.json'], says: '43' },
    {
      what: 'invalid authorities',
      args: [...base, '--ca-bundle', 'package.json'],
      says: 'package.json',
    },
  ])('exits 2 for $what', async ({ args, says, input = '' }) => {
    const { status, stdout, stderr } = await manifest(args, { input })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain(token)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  it('accepts a complete URL, and warns that others can see its token', async () => {
    const { status, stdout, stderr } = await manifest(complete)
    expect(status).toBe(0)
    expect(parse(stdout).webhooks[0].clientConfig.url).toBe(complete[1])
    expect(stderr).toContain('warning: others can see the token on the command line: use --token-file')
    expect(stderr).not.toContain(token)
  })

  it.each(['manifest', 'register'])(
    '%s refuses a time-out that ends before the function does',
    async (name) => {
      const config = await write('time-out.yaml', 'function: {registration: {timeoutSeconds: 7}}')
      const args = ['infra/cli/flyte-webhook.js', name, ...base, '--config', config]
      const program = run(process.execPath, args, { env: { ...environment, FLYTE_WEBHOOK_TOKEN: token } })
      expect(await program.ended).toBe(2)
      expect(program.stdout()).toBe('')
      expect(program.stderr()).toContain(
        ':1: function.registration.timeoutSeconds: must be 10 or more, not 7: ',
      )
    },
  )

  it.each(['manifest', 'register', 'unregister'])('%s shows how it is used', async (name) => {
    const program = run(process.execPath, ['infra/cli/flyte-webhook.js', name, '--help'])
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toContain('Example:')
  })
})
