import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyPatch } from 'rfc6902'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotationOf } from '../support/annotation.ts'
import { flyteWebhook } from '../support/command.ts'

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: task}\nspec:\n  containers:\n    - {name: main, image: i}\n'

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'preview-'))
  file = join(folder, 'pod.yaml')
  await writeFile(file, pod)
})
afterAll(() => rm(folder, { recursive: true }))

describe('flyte-webhook preview', { timeout: 20_000 }, () => {
  it('shows a file and standard input alike, as plain text without a terminal', async () => {
    const args = ['--secret', 'db/password:ENV_VAR']
    const ofFile = await flyteWebhook(['preview', file, ...args])
    expect(ofFile).toMatchObject({ status: 0, stderr: '' })
    expect(ofFile.stdout).toMatch(/^--- before\n\+\+\+ after\n/)
    expect(await flyteWebhook(['preview', '-', ...args], { input: pod })).toEqual(ofFile)
  })

  it('uses the given environment and configuration, and shows no value', async () => {
    const env = { FLYTE_SECRET_DB_PASSWORD: 'planted-3a' }
    const secrets = ['--secret', 'db/password:ENV_VAR', '--secret', 'api/key']
    const run = await flyteWebhook(['preview', file, ...secrets, '--output', 'json'], { env })
    expect(run.stdout + run.stderr).not.toContain('planted-3a')
    const { allowed, before, after, patch, requests } = JSON.parse(run.stdout)
    expect(allowed).toBe(true)
    applyPatch(before, patch)
    expect(after).toEqual(before)
    expect(after.spec.containers[0].env).toContainEqual({ name: '_FSEC_DB_PASSWORD', value: '[redacted]' })
    expect(JSON.stringify(patch)).toContain('{"name":"_FSEC_DB_PASSWORD","value":"[redacted]"}')
    expect(requests).toMatchObject([
      { request: 'db/password:ENV_VAR', asked: [{ manager: 'Global', said: 'will inject' }] },
      {
        annotation: 'flyte.secrets/s1',
        key: 'key',
        asked: [
          { manager: 'Global', said: 'skipped' },
          { manager: 'K8s', said: 'will inject', files: ['/etc/flyte/secrets/api/key'] },
        ],
      },
    ])
  })

  it('exits 1 if the pod is denied', async () => {
    const text = await flyteWebhook(['preview', file, '--secret', 'a_b/c'])
    expect(text).toMatchObject({ status: 1, stderr: '', stdout: expect.stringMatching(/^denied \(400 /) })
    const json = await flyteWebhook(['preview', file, '--secret', 'a_b/c', '-o', 'json'])
    expect(json.status).toBe(1)
    const denial = JSON.parse(json.stdout)
    expect(denial).toMatchObject({ allowed: false, before: { kind: 'Pod' }, status: { code: 400 } })
    expect(denial).not.toHaveProperty('after')
  })

  it('says in JSON, too, why a pod stays unchanged, and shows none of its values', async () => {
    const annotations = `annotations: {flyte.secrets/s0: ${annotationOf({ group: 'db', key: 'password', env_var: 'PW' })}}`
    const input = pod
      .replace('name: task', `name: task, ${annotations}`)
      .replace('image: i', 'image: i, env: [{name: PW, value: planted-3a}]')
    const run = await flyteWebhook(['preview', '-', '-o', 'json'], { input })
    expect(run.stdout).not.toContain('planted-3a')
    const { allowed, apart, before, after, patch, requests } = JSON.parse(run.stdout)
    expect({ allowed, patch, requests }).toEqual({ allowed: true, patch: [], requests: [] })
    expect(apart).toContain('without the label inject-flyte-secrets')
    expect(before.spec.containers[0].env).toEqual([{ name: 'PW', value: '[redacted]' }])
    expect(after).toEqual(before)
  })

  it.each([
    { what: 'no pod', args: [], says: 'name one pod' },
    { what: 'two pods', args: ['x', '--pod', 'a/b'], says: 'name one pod' },
    { what: 'a pod without a namespace', args: ['--pod', 'b'], says: 'Write it as <namespace>/<name>' },
    { what: 'a missing file', args: ['none.yaml'], says: 'no such file' },
    { what: 'a request without a slash', args: ['-', '--secret', 'db'], says: 'db/ for a group alone' },
    {
      what: 'a cluster that no token can prove',
      args: ['-', '--cluster', 'Prod'],
      says: 'the cluster name is not valid in a URL',
    },
    {
      what: 'an object that is not a pod',
      args: ['-'],
      input: 'kind: Job',
      says: 'write its template as a Pod',
    },
  ])('exits 2 with one line for $what', async ({ args, input = pod, says }) => {
    const run = await flyteWebhook(['preview', ...args], { input })
    expect(run).toMatchObject({ status: 2, stdout: '' })
    expect(run.stderr).toMatch(/^error: [^\n]*\n$/)
    expect(run.stderr).toContain(says)
  })
})

describe('flyte-webhook encode and decode', { timeout: 20_000 }, () => {
  it('read each other', async () => {
    const requests = ['db/password:ENV_VAR=PW', 'secret/data/db/key@kv2']
    const encoded = await flyteWebhook(['encode', ...requests])
    const decoded = await flyteWebhook(['decode'], { input: encoded.stdout })
    expect(decoded).toMatchObject({ status: 0, stderr: '' })
    expect(decoded.stdout).toBe(
      `ANNOTATION        REQUEST\nflyte.secrets/s0  ${requests[0]}\nflyte.secrets/s1  ${requests[1]}\n`,
    )
  })

  it('write JSON', async () => {
    const {
      annotations: [encoded],
    } = JSON.parse((await flyteWebhook(['encode', '/my_key', '-o', 'json'])).stdout)
    expect(encoded).toEqual({
      annotation: 'flyte.secrets/s0',
      value: 'nnsxsoraejwxsx2lmv3secq',
      request: '/my_key',
    })
    const {
      requests: [decoded],
    } = JSON.parse((await flyteWebhook(['decode', encoded.value, '-o', 'json'])).stdout)
    expect(decoded).toMatchObject({ annotation: 'value 1', request: '/my_key', key: 'my_key', group: '' })
  })

  it('exit 1 if a value cannot be read, and say which', async () => {
    const run = await flyteWebhook(['decode', 'nnsxsoraejwxsx2lmv3secq', '9'])
    expect(run.status).toBe(1)
    expect(run.stdout).toMatch(/\nvalue 1 {5}\/my_key\nvalue 2 {5}cannot be read: not base32/)
  })
})
