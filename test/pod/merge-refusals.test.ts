import { describe, expect, it } from 'vitest'
import type { NonEmpty } from '../../lib/errors.ts'
import { createAwsCli } from '../../lib/managers/aws-cli.ts'
import { createGcp } from '../../lib/managers/gcp.ts'
import { createGlobal } from '../../lib/managers/global.ts'
import { createK8s } from '../../lib/managers/k8s.ts'
import type { SecretManager } from '../../lib/manager-kit/manager.ts'
import { createVault } from '../../lib/managers/vault.ts'
import { merge } from '../../lib/pod/merge.ts'
import type { Source, Want } from '../../lib/manager-kit/wants.ts'
import { createEnvironmentStore } from '../../lib/stores/environment.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import { type Asked, found } from './found.ts'
import { host } from '../../lib/manager-testing/samples.ts'

const k8s = createK8s({ envVarPrefix: '_FSEC_', emptyGroup: 'refused' })
const aws = createAwsCli({ cliImage: 'image', resources: {} }, host)
const gcp = createGcp({ sidecarImage: 'image', resources: {} }, host)
const vault = createVault({ role: 'flyte', kvVersion: '2', annotations: {} }, host)
const environment = createEnvironmentStore('E_', { E_A_B: 'same', E_C_D: 'same', E_E_F: 'other' })
const global = createGlobal({ envVarPrefix: '_FSEC_', stores: [environment] })
/** Builds a request for a variable; `fileOf` builds one for a file. */
const variableOf = (manager: SecretManager, [group, key]: readonly [string, string], envVar = ''): Asked => [
  manager,
  { group, key, envVar, mountRequirement: 'ENV_VAR' },
]
const fileOf = (manager: SecretManager, group: string, key: string): Asked => [
  manager,
  { group, groupVersion: manager === gcp ? '1' : '', key },
]

const refusalsOf = async (...asked: readonly Asked[]) => merge(await found(...asked)).refusals
const [s0, s1, s2] = ['flyte.secrets/s0', 'flyte.secrets/s1', 'flyte.secrets/s2']
const root = '/etc/flyte/secrets'

describe('a variable requested with different contents', () => {
  it.each([
    { what: 'two keys', one: variableOf(k8s, ['db', 'a'], 'A'), other: variableOf(k8s, ['db', 'b'], 'A') },
    { what: 'two Secrets', one: variableOf(k8s, ['x', 'k'], 'A'), other: variableOf(k8s, ['y', 'k'], 'A') },
    {
      what: 'two values',
      one: variableOf(global, ['a', 'b'], 'A'),
      other: variableOf(global, ['e', 'f'], 'A'),
    },
    {
      what: 'a value, a reference',
      one: variableOf(global, ['a', 'b'], 'A'),
      other: variableOf(k8s, ['x', 'k'], 'A'),
    },
    {
      what: 'a reference, a value',
      one: variableOf(k8s, ['x', 'k'], 'A'),
      other: variableOf(global, ['a', 'b'], 'A'),
    },
  ])('is refused, naming both: $what', async ({ one, other }) => {
    expect(await refusalsOf(one, variableOf(k8s, ['z', 'k']), other)).toEqual([
      { by: [s0, s2], what: 'variable A', why: 'it is requested with different contents' },
    ])
  })

  it('is refused if one request collides with itself', async () => {
    const name = 'FLYTE_SECRETS_DEFAULT_DIR'
    expect(await refusalsOf([k8s, { group: 'db', key: 'k', envVar: name }])).toMatchObject([
      { by: [s0], what: `variable ${name}` },
    ])
  })

  it.each([
    {
      what: 'one value from two places',
      one: variableOf(global, ['a', 'b'], 'A'),
      other: variableOf(global, ['c', 'd'], 'A'),
    },
    {
      what: 'one reference twice',
      one: variableOf(k8s, ['x', 'k'], 'A'),
      other: variableOf(k8s, ['x', 'k'], 'A'),
    },
  ])('is not $what', async ({ one, other }) => {
    expect(await refusalsOf(one, other)).toEqual([])
  })
})

describe('files are refused', () => {
  const rows: { what: string; asked: Asked[]; by: string[]; subject: string; why: string }[] = [
    {
      what: 'with different contents',
      asked: [fileOf(k8s, 'db', 'K'), fileOf(k8s, 'db', 'k')],
      by: [s0, s1],
      subject: `file ${root}/db/k`,
      why: 'it is requested with different contents',
    },
    {
      what: 'if one is the directory of another',
      asked: [fileOf(aws, 'a/b', 'c'), fileOf(aws, 'x', 'y'), fileOf(aws, 'a', 'b')],
      by: [s2, s0],
      subject: `file ${root}/a/b/c`,
      why: `its directory ${root}/a/b is also a requested file`,
    },
    {
      what: 'behind the volume of a Secret',
      asked: [fileOf(aws, 'db', 'x'), fileOf(k8s, 'db', 'y')],
      by: [s1, s0],
      subject: `file ${root}/db/x`,
      why: `another volume, at ${root}/db, would hide it`,
    },
    {
      what: 'of two managers that need the directory',
      asked: [fileOf(vault, 'kv', 'a'), fileOf(aws, 'arn', 'b'), fileOf(vault, 'kv', 'c')],
      by: [s0, s1, s2],
      subject: 'the files of Vault and AWS',
      why: `only one manager can use the directory ${root}`,
    },
  ]
  it.each(rows)('$what', async ({ asked, by, subject, why }) => {
    expect(await refusalsOf(...asked)).toEqual([{ by, what: subject, why }])
  })

  it('for the nearest directory only, if several are files', async () => {
    const refusals = await refusalsOf(
      fileOf(aws, 'a', 'b'),
      fileOf(aws, 'a/b/c', 'd'),
      fileOf(aws, 'a/b', 'c'),
    )
    expect(refusals.map(({ by, what }) => ({ by, what }))).toEqual([
      { by: [s2, s1], what: `file ${root}/a/b/c/d` },
      { by: [s0, s2], what: `file ${root}/a/b/c` },
    ])
  })

  it('together, and the first wins', async () => {
    const { merged } = merge(await found(fileOf(aws, 'a', 'b'), fileOf(gcp, 'a', 'x'), fileOf(aws, 'A', 'B')))
    expect(merged.fetches).toMatchObject({ manager: 'AWS', by: [s0, s2], steps: { length: 2 } })
    expect(merged.files.map(({ path, by }) => ({ path, by }))).toEqual([
      { path: `${root}/a/b`, by: [s0, s2] },
      { path: `${root}/a/1`, by: [s1] },
    ])
  })

  it('and variables too, for every reason', async () => {
    const one = [variableOf(k8s, ['x', 'k'], 'A'), fileOf(aws, 'a', '1')]
    const other = [variableOf(k8s, ['y', 'k'], 'A'), fileOf(vault, 'A', '1')]
    expect((await refusalsOf(...one, ...other)).map(({ what }) => what)).toEqual([
      'variable A',
      `file ${root}/a/1`,
      'the files of AWS and Vault',
    ])
  })

  it.each([
    { what: 'one twice', asked: [fileOf(vault, 'kv', 'k'), fileOf(vault, 'kv', 'k')] },
    { what: 'two beside each other', asked: [fileOf(aws, 'a', 'b'), fileOf(aws, 'a', 'bc')] },
    { what: 'one beside the volume of a Secret', asked: [fileOf(k8s, 'db', 'k'), fileOf(aws, 'db2', 'k')] },
  ])('but not $what', async ({ asked }) => {
    expect(await refusalsOf(...asked)).toEqual([])
  })
})

describe('a variable with several sources', () => {
  const source = (key: string): Source => ({ kind: 'secretKeyRef', name: 's', key })
  const wish = (...sources: NonEmpty<Source>): Want => ({ kind: 'variable', name: 'A', sources })
  const foundWith = (annotation: string, want: Want) =>
    ({ annotation, manager: 'Embedded', wants: [want] }) as const

  it.each([
    { what: 'the same', other: wish(source('a'), source('b')), refused: 0 },
    { what: 'fewer', other: wish(source('a')), refused: 1 },
    { what: 'more', other: wish(source('a'), source('b'), source('c')), refused: 1 },
    { what: 'the same in another order', other: wish(source('b'), source('a')), refused: 1 },
    {
      what: 'a value',
      other: wish({ kind: 'literal', value: new SecretValue('a') }, source('b')),
      refused: 1,
    },
  ])('is refused $refused times beside $what', ({ other, refused }) => {
    const one = wish(source('a'), source('b'))
    expect(merge([foundWith('s0', one), foundWith('s1', other)]).refusals).toHaveLength(refused)
  })
})
