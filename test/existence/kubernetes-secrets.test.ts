import type { V1ObjectMeta } from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { checkSecrets } from '../../infra/existence/kubernetes-secrets.ts'
import { ApiFailure, type Cluster, type ObjectRef } from '../../infra/kubernetes/cluster.ts'

const owned = (...keys: readonly string[]): V1ObjectMeta => ({
  managedFields: [
    { fieldsV1: { 'f:type': {} } },
    { fieldsV1: { 'f:data': { '.': {}, ...Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) } } },
  ],
})

/** A cluster with one Secret, and how often its data was asked for. */
const clusterWith = (name: string, metadata: V1ObjectMeta, data: object) => {
  const asked: string[] = []
  const cluster: Pick<Cluster, 'read' | 'readSecretMetadata'> = {
    readSecretMetadata: async (ref) => (ref.name === name ? metadata : undefined),
    read: async <T>(ref: ObjectRef) => {
      asked.push(ref.metadata.name)
      return { ...ref, data } as T
    },
  }
  return { cluster, asked }
}

describe('a key of a Secret', () => {
  it.each([
    { what: 'is seen in the metadata', metadata: owned('password'), data: {}, known: 'exists', asked: [] },
    {
      what: 'is looked for in the Secret where its owner was removed',
      metadata: {},
      data: { password: 'eA==' },
      known: 'exists',
      asked: ['db'],
    },
    {
      what: 'is missing where neither has it',
      metadata: owned('user'),
      data: { user: 'eA==' },
      known: 'missing',
      asked: ['db'],
    },
  ])('$what', async ({ metadata, data, known, asked }) => {
    const world = clusterWith('db', metadata, data)
    const said = await checkSecrets(world.cluster, 'flyte', [[{ name: 'db', key: 'password' }]])
    expect(said.known).toBe(known)
    expect(world.asked).toEqual(asked)
  })

  it.each([
    { key: 'password', name: 'api', why: 'there is no Secret flyte/api' },
    { key: 'token', name: 'db', why: 'Secret flyte/db has no key token' },
  ])('that is missing is named: $why', async ({ name, key, why }) => {
    const { cluster } = clusterWith('db', owned('password'), { password: 'eA==' })
    expect(await checkSecrets(cluster, 'flyte', [[{ name, key }]])).toEqual({ known: 'missing', why })
  })

  it('is needed in one of the Secrets of a list, and in each list', async () => {
    const { cluster } = clusterWith('db', owned('password'), {})
    const [there, other] = [
      { name: 'db', key: 'password' },
      { name: 'api', key: 'key' },
    ]
    const known = async (...lists: Parameters<typeof checkSecrets>[2]) =>
      (await checkSecrets(cluster, 'flyte', lists)).known
    expect(await known([other, there])).toBe('exists')
    expect(await known([there], [other])).toBe('missing')
    expect(await checkSecrets(cluster, 'flyte', [[other, { ...other, name: 'more' }]])).toEqual({
      known: 'missing',
      why: 'there is no Secret flyte/api; there is no Secret flyte/more',
    })
  })

  it('that cannot be read gets no answer, and what the API server says is the reason', async () => {
    const refused = new ApiFailure('could not read Secret flyte/db: forbidden', {
      code: 403,
      reason: 'Forbidden',
      cause: undefined,
    })
    const { cluster } = clusterWith('db', {}, {})
    const readSecretMetadata = () => Promise.reject(refused)
    expect(
      await checkSecrets({ ...cluster, readSecretMetadata }, 'flyte', [[{ name: 'db', key: 'k' }]]),
    ).toEqual({
      known: 'no answer',
      why: 'could not read Secret flyte/db: forbidden',
    })
  })
})
