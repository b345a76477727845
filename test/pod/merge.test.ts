import { describe, expect, it } from 'vitest'
import { createAws } from '../../lib/managers/aws.ts'
import { createK8s } from '../../lib/managers/k8s.ts'
import { createVault } from '../../lib/managers/vault.ts'
import type { Merged } from '../../lib/pod/desired.ts'
import { merge } from '../../lib/pod/merge.ts'
import { type Asked, found } from './found.ts'
import { host } from '../../lib/manager-testing/samples.ts'

const k8s = createK8s({ envVarPrefix: '_FSEC_', emptyGroup: 'refused' })
const aws = createAws({ sidecarImage: 'image', resources: {} })
const arn = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const vault = createVault({ role: 'flyte', kvVersion: '2', annotations: {} }, host)

/** Merges what the managers want for these requests. */
const merged = async (...asked: readonly Asked[]): Promise<Merged> => {
  const { merged: together, refusals } = merge(await found(...asked))
  expect(refusals).toEqual([])
  return together
}
const [s0, s1, s2] = ['flyte.secrets/s0', 'flyte.secrets/s1', 'flyte.secrets/s2']

describe('requests together', () => {
  it('want nothing if there are none', () => {
    const nothing = { variables: [], files: [], volumes: [], annotations: [], fetches: undefined }
    expect(merge([])).toEqual({ merged: nothing, refusals: [] })
  })

  it('want one variable once, for every request for it', async () => {
    const { variables } = await merged(
      [k8s, { group: 'db', key: 'user', mountRequirement: 'ENV_VAR', envVar: 'A' }],
      [k8s, { group: 'db', key: 'password', mountRequirement: 'ENV_VAR' }],
      [k8s, { group: 'db', key: 'user', mountRequirement: 'ENV_VAR', envVar: 'A' }],
    )
    expect(variables.map(({ name, by }) => ({ name, by }))).toEqual([
      { name: 'FLYTE_SECRETS_ENV_PREFIX', by: [s0, s1, s2] },
      { name: '_FSEC_DB_USER', by: [s0, s2] },
      { name: 'A', by: [s0, s2] },
      { name: '_FSEC_DB_PASSWORD', by: [s1] },
    ])
  })

  it('want one volume for a Secret, named after the first, with an item for each key', async () => {
    const { volumes, files } = await merged(
      [k8s, { group: 'db', groupVersion: '1', key: 'User' }],
      [k8s, { group: 'db', groupVersion: '2', key: 'password' }],
      [k8s, { group: 'db', key: 'User' }],
    )
    expect(volumes).toEqual([
      {
        kind: 'secret',
        name: 'mrrf5mi',
        secretName: 'db',
        mountPath: '/etc/flyte/secrets/db',
        items: [
          { key: 'User', path: 'user', by: [s0, s2] },
          { key: 'password', path: 'password', by: [s1] },
        ],
        by: [s0, s1, s2],
      },
    ])
    expect(files).toEqual([
      { path: '/etc/flyte/secrets/db/user', root: '/etc/flyte/secrets/db', by: [s0, s2] },
      { path: '/etc/flyte/secrets/db/password', root: '/etc/flyte/secrets/db', by: [s1] },
    ])
  })

  it('want one volume and each different fetch once', async () => {
    const { volumes, fetches } = await merged(
      [aws, { group: arn, key: 'b' }],
      [aws, { group: arn, key: 'a' }],
      [aws, { group: arn, key: 'b', envVar: 'B' }],
    )
    expect(volumes).toEqual([
      { kind: 'memory', name: 'aws-secret-vol', mountPath: '/etc/flyte/secrets', by: [s0, s1, s2] },
    ])
    expect(fetches).toMatchObject({
      manager: 'AWS',
      by: expect.arrayContaining([s0, s1, s2]),
      steps: [
        { env: [{ value: `${arn}:b` }, { value: `/${arn}/b` }] },
        { env: [{ value: `${arn}:a` }, { value: `/${arn}/a` }] },
      ],
    })
  })

  it('want their common annotations once', async () => {
    const { annotations } = await merged(
      [vault, { group: 'kv', key: 'a' }],
      [vault, { group: 'kv', key: 'b' }],
    )
    const asked = annotations.filter(({ key }) => /role|agent-inject-file/.test(key))
    expect(asked).toMatchObject([
      { value: 'kv/a', by: [s0] },
      { key: 'vault.hashicorp.com/role', value: 'flyte', when: 'always', by: [s0, s1] },
      { value: 'kv/b', by: [s1] },
    ])
  })

  it('can have files of K8s beside those of one other manager', async () => {
    const { files } = await merged([k8s, { group: 'db', key: 'k' }], [vault, { group: 'kv', key: 'k' }])
    expect(files.map(({ path }) => path)).toEqual(['/etc/flyte/secrets/db/k', '/etc/flyte/secrets/kv/k'])
  })

  it('can use a Secret as variable and as file', async () => {
    const { variables, files } = await merged(
      [k8s, { group: 'db', key: 'k', mountRequirement: 'ENV_VAR' }],
      [k8s, { group: 'db', key: 'k', mountRequirement: 'FILE' }],
    )
    expect(variables).toHaveLength(4)
    expect(files).toHaveLength(1)
  })
})
