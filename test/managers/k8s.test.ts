import { describe, expect, it } from 'vitest'
import { createK8s } from '../../lib/managers/k8s.ts'
import type { Json } from '../support/pods.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const flyte1 = createK8s({ envVarPrefix: '_FSEC_', emptyGroup: 'refused' })
const flyte2 = createK8s({ envVarPrefix: '_UNION_', emptyGroup: 'md5-of-key' })
const request = { group: 'db', key: 'Password' }

const volumeNameOf = async (fields: object): Promise<string> => {
  const { wants }: Json = await resolved(flyte1, { ...request, ...fields })
  return wants[0].name
}

describe('a secret of Kubernetes', () => {
  it('is a reference for a requested variable', async () => {
    const sources = [{ kind: 'secretKeyRef', name: 'db', key: 'Password' }]
    expect(await resolved(flyte1, { ...request, mountRequirement: 'ENV_VAR', envVar: 'PASSWORD' })).toEqual({
      kind: 'found',
      wants: [
        plain('FLYTE_SECRETS_ENV_PREFIX', '_FSEC_'),
        { kind: 'variable', name: '_FSEC_DB_PASSWORD', sources },
        { kind: 'variable', name: 'PASSWORD', sources },
      ],
    })
  })

  it.each(['ANY', 'FILE'] as const)('is a volume and its file for %s', async (mountRequirement) => {
    expect(await resolved(flyte1, { ...request, mountRequirement, envVar: 'PASSWORD_FILE' })).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'secretVolume',
          name: 'mrrf5',
          secretName: 'db',
          mountPath: '/etc/flyte/secrets/db',
          item: { key: 'Password', path: 'password' },
        },
        {
          kind: 'file',
          path: '/etc/flyte/secrets/db/password',
          root: '/etc/flyte/secrets/db',
          identity: '["K8s","db","Password"]',
        },
        ...fileDiscovery,
        plain('PASSWORD_FILE', '/etc/flyte/secrets/db/password'),
      ],
    })
  })

  it('needs no group in Flyte 2: the Secret is named by the MD5 of the key', async () => {
    const { wants }: Json = await resolved(flyte2, { key: 'k', mountRequirement: 'ENV_VAR' })
    const md5 = '8ce4b16b22b58894aa86c421e8759df3'
    expect(wants[1]).toEqual({
      kind: 'variable',
      name: `_UNION_${md5.toUpperCase()}_K`,
      sources: [{ kind: 'secretKeyRef', name: md5, key: 'k' }],
    })
  })

  it.each([
    { manager: flyte1, group: '', key: 'k', reason: 'it needs a group' },
    { manager: flyte1, group: 'g', key: '', reason: 'it needs a key' },
    { manager: flyte2, group: '', key: '', reason: 'it needs a key' },
  ])('is not of Kubernetes if something is missing: $reason', async ({ manager, group, key, reason }) => {
    expect(await resolved(manager, { group, key })).toEqual({ kind: 'not-mine', reason })
  })

  const label = 'a'.repeat(63)
  it.each(['g', '0', 'a-b.c--d', `${label}.${label}.${label}.${'a'.repeat(61)}`])(
    'can have the group %s',
    async (group) => {
      expect(await resolved(flyte1, { group, key: 'k' })).toMatchObject({ kind: 'found' })
    },
  )

  it.each(['G', 'a_b', '-a', 'a-', 'a..b', '.a', 'a.', 'a/b', 'é', 'a\n', 'a'.repeat(254)])(
    'cannot have the group %j, which is not a valid name of a Secret',
    async (group) => {
      const reason = 'no Secret can have the group as its name (it is not a DNS-1123 subdomain)'
      expect(await resolved(flyte1, { group, key: 'k' })).toEqual({ kind: 'not-mine', reason })
    },
  )

  it.each(['k', '.k', '-', 'A_b.c-D', 'k..', 'k'.repeat(253)])('can have the key %s', async (key) => {
    expect(await resolved(flyte1, { group: 'g', key })).toMatchObject({ kind: 'found' })
  })

  it.each(['.', '..', '..k', '...', 'a/b', 'a b', 'é', 'k\n', 'k'.repeat(254)])(
    'cannot have the key %j, which no Secret has',
    async (key) => {
      const reason = 'no Secret can have this key (1 to 253 of A-Z a-z 0-9 - _ ., not "." nor "..…")'
      expect(await resolved(flyte1, { group: 'g', key })).toEqual({ kind: 'not-mine', reason })
    },
  )
})

describe('the volume of a Secret', () => {
  it('is named after group and version', async () => {
    expect(await volumeNameOf({ groupVersion: '' })).toBe('mrrf5')
    expect(await volumeNameOf({ groupVersion: '1' })).toBe('mrrf5mi')
  })

  it('is named by a hash if the name would exceed 63 characters', async () => {
    // 39 bytes are 63 characters of base32, including the "_".
    expect(await volumeNameOf({ group: 'g'.repeat(38) })).toHaveLength(63)
    const hashed = await volumeNameOf({ group: 'g'.repeat(39) })
    expect(hashed).toMatch(/^[a-z1-6]{52}$/)
    expect(await volumeNameOf({ group: 'g'.repeat(39) })).toBe(hashed)
    expect(await volumeNameOf({ group: `${'g'.repeat(38)}h` })).not.toBe(hashed)
  })
})
