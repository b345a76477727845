import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flyteWebhook } from '../support/command.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'))
})
afterAll(() => rm(folder, { recursive: true }))

const credential = 'planted-8f3c'
const working = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'there',
  contexts: [{ name: 'there', context: { cluster: 'there', user: 'me' } }],
  clusters: [{ name: 'there', cluster: { server: 'https://127.0.0.1:2' } }],
  users: [{ name: 'me', user: { token: credential } }],
}
const kubeconfig = JSON.stringify(working)

describe('a kubeconfig', () => {
  const wrong = [
    { what: 'is two documents', text: `${kubeconfig}\n${kubeconfig}`, says: 'not a valid kubeconfig' },
    { what: 'is cut off', text: kubeconfig.slice(0, -5), says: 'not a valid kubeconfig' },
    { what: 'is not YAML', text: `a: [${credential}\n: b`, says: 'not a valid kubeconfig' },
  ]
  it.each(wrong)('that $what is named but not shown', async ({ text, says }) => {
    const file = join(folder, 'wrong')
    await writeFile(file, text)
    for (const args of [
      ['unregister', '--kubeconfig', file],
      ['--verbose', 'unregister'],
    ]) {
      const { status, stdout, stderr } = await flyteWebhook(args, { env: { KUBECONFIG: file } })
      expect(status).toBe(2)
      expect(stderr).toContain(`${file}: ${says}`)
      expect(stdout + stderr).not.toContain(credential)
    }
  })

  it('is named if missing', async () => {
    const file = join(folder, 'missing')
    const { status, stderr } = await flyteWebhook(['unregister', '--kubeconfig', file])
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `error: ${file}: no such file\n`,
    })
  })

  it('is requested if none exists', async () => {
    const { status, stderr } = await flyteWebhook(['unregister'], { env: { KUBECONFIG: '', HOME: folder } })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: no kubeconfig found: name one with --kubeconfig or KUBECONFIG\n',
    })
  })

  it('without the requested context is refused with its contexts', async () => {
    const file = join(folder, 'right')
    await writeFile(file, kubeconfig)
    const { status, stderr } = await flyteWebhook([
      'unregister',
      '--kubeconfig',
      file,
      '--context',
      'elsewhere',
    ])
    expect(status).toBe(2)
    expect(stderr).toBe('error: the kubeconfig has no context elsewhere: it has there\n')
  })

  it.each([
    {
      what: 'no current context',
      change: { 'current-context': undefined },
      says: 'the kubeconfig has no current context: name one with --context',
    },
    {
      what: 'a context without its cluster',
      change: { clusters: [] },
      says: 'the context there of the kubeconfig names a cluster that is not in it',
    },
  ])('with $what is refused', async ({ change, says }) => {
    const file = join(folder, 'incomplete')
    await writeFile(file, JSON.stringify({ ...working, ...change }))
    const { status, stderr } = await flyteWebhook(['status', '--kubeconfig', file])
    expect({ status, stderr }).toEqual({ status: 2, stderr: `error: ${says}\n` })
  })

  it('whose API server does not answer is refused with the context and the address', async () => {
    const file = join(folder, 'unreachable')
    await writeFile(file, kubeconfig)
    const { status, stderr } = await flyteWebhook(['doctor', '--kubeconfig', file])
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^error: cannot reach the API server https:\/\/127\.0\.0\.1:2 \(context there\): .*ECONNREFUSED.*\n$/,
    )
  })
})
