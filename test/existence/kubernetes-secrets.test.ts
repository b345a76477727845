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

/** Creates a cluster with one Secret that records each read of its data. */
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
    { what: 'is found in the metadata', metadata: owned('password'), data: {}, known: 'exists', asked: [] },
    {
      what: 'is looked up in the Secret if the metadata has no owner',
      metadata: {},
      data: { password: 'eA==' },
      known: 'exists',
      asked: ['db'],
    },
    {
      what: 'is missing if neither has it',
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
    { key: 'password', name: 'api', why: 'Secret flyte/api does not exist' },
    { key: 'token', name: 'db', why: 'Secret flyte/db has no key token' },
  ])('is named if missing: $why', async ({ name, key, why }) => {
    const { cluster } = clusterWith('db', owned('password'), { password: 'eA==' })
    expect(await checkSecrets(cluster, 'flyte', [[{ name, key }]])).toEqual({ known: 'missing', why })
  })

  it('must be in one Secret of each list', async () => {
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
      why: 'Secret flyte/api does not exist; Secret flyte/more does not exist',
    })
  })

  it('that the user cannot read gets no answer, for the reason that the API server gives', async () => {
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
