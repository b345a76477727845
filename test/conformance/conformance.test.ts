import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSecretRequest } from '../../lib/request/secret-request.ts'
import { undocumentedIn } from '../messages/known.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { type Json, withApiServerDefaults } from '../support/pods.ts'
import { call, reviewOf } from '../support/webhook.ts'
import { worldOf } from './case-world.ts'
import { comparable, withHashedNames } from './equality.ts'
import { madeFiles } from './own/made-files.ts'
import { caseFolder, cases, ownCases, ownFolder } from './recorded-cases.ts'

describe('recorded conformance', () => {
  const source = process.env['CONFORMANCE_SOURCE']

  it.runIf(source !== undefined)('is an exact copy of its source', () => {
    expect(filesIn(caseFolder)).toEqual(filesIn(source ?? ''))
  })

  it('has all recorded cases', () => {
    expect(cases).toHaveLength(285)
  })

  it.each(cases.map((one) => [one.id, one]))('%s', (_, one) => expectAsSaid(one))
})

describe('conformance to cases of our own', () => {
  it('has all cases that `node test/conformance/own/write-files.ts` writes', async () => {
    const { 'README.md': _, ...files } = filesIn(ownFolder)
    const written = Object.entries(files).filter(([path]) => path.endsWith('.json'))
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(await madeFiles()))
    expect(ownCases).toHaveLength(192)
  })

  it.each(ownCases.map((one) => [one.id, one]))('%s', (_, one) => expectAsSaid(one))
})

/** Checks what a case expects, first on its pod and then on its own result. */
const expectAsSaid = async (one: Json): Promise<void> => {
  const { webhook, records } = worldOf(one)
  const { expect: expected, pod } = one
  const { status, json } = await call(webhook, reviewOf(pod))
  expect(records.map(({ outcome }) => outcome)).not.toContain('failed')
  expect(status).toBe(expected.http ?? 200)
  expect(undocumentedIn(status, json)).toEqual([])
  if (expected.http !== undefined) return
  expect(json.response.allowed).toBe(expected.allowed)
  expectWarnings(json.response.warnings ?? [], expected.warns ?? [])
  if (!expected.allowed) {
    expect(json.response.status.code).toBe(expected.code)
    for (const name of expected.names) expect(json.response.status.message).toContain(name)
    expect(operationsOf(json)).toEqual([])
    return
  }
  if (expected.unchanged) expect(operationsOf(json)).toEqual([])
  const result = patched(pod, json)
  const wanted = expected.pod ?? pod
  const compared = comparable(withHashedNames(result, wanted), pod)
  expect(compared).toEqual(comparable(wanted, pod))
  for (const again of [result, withApiServerDefaults(result)]) {
    expect(operationsOf((await call(webhook, reviewOf(again))).json)).toEqual([])
  }
}

/** Returns all files below a folder: path → content. */
const filesIn = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [relative(root, path), readFileSync(path, 'utf8')]),
  )

const expectWarnings = (warnings: readonly string[], named: readonly string[]): void => {
  for (const name of named) expect(warnings.some((warning) => warning.includes(name))).toBe(true)
  if (named.length === 0) expect(warnings).toEqual([])
}

describe('the text of hostile strings, as written by Flyte', () => {
  const vectors: Json[] = JSON.parse(readFileSync(join(caseFolder, 'vectors.json'), 'utf8'))

  it('has all vectors', () => expect(vectors).toHaveLength(27))

  it.each(vectors.map((vector) => [vector.about, vector]))('%s', (_, { annotation, secret }) => {
    const read = readSecretRequest('flyte.secrets/s0', annotation)
    expect(read).toEqual({
      kind: 'request',
      request: {
        annotation: 'flyte.secrets/s0',
        group: secret.group ?? '',
        groupVersion: secret.group_version ?? '',
        key: secret.key ?? '',
        envVar: secret.env_var ?? '',
        mountRequirement: secret.mount_requirement ?? 'ANY',
      },
    })
  })
})
