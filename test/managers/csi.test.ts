import { describe, expect, it } from 'vitest'
import { csi } from '../../lib/managers/csi.ts'
import type { Json } from '../support/pods.ts'
import { call, configFrom, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'
import { podAsking as podOf, podServedBy } from './decided.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const manager = csi.create({}, { envVarPrefix: '_FSEC_', profile: 'flyte1' })
const source = (secretProviderClass: string) => ({
  csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass } },
})

describe('a secret of the Secrets Store CSI driver', () => {
  it.each(['ANY', 'FILE'] as const)('is a file in the volume of its class (%s)', async (mountRequirement) => {
    const request = { group: 'db-creds', key: 'Password', envVar: 'FILE_OF_IT', mountRequirement }
    expect(await resolved(manager, request)).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'volume',
          name: 'mrrc1y2smvshgxy',
          mountPath: '/etc/flyte/secrets/db-creds',
          source: source('db-creds'),
        },
        {
          kind: 'file',
          path: '/etc/flyte/secrets/db-creds/password',
          root: '/etc/flyte/secrets/db-creds',
          identity: expect.any(String),
        },
        ...fileDiscovery,
        plain('FILE_OF_IT', '/etc/flyte/secrets/db-creds/password'),
      ],
    })
  })

  it.each([
    { fields: { group: 'db' }, reason: 'it needs a group and a key' },
    { fields: { key: 'k' }, reason: 'it needs a group and a key' },
    { fields: { group: 'db', key: '/' }, reason: 'it needs a group and a key' },
    {
      fields: { group: 'db', key: 'k', mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
    {
      fields: { group: 'DB', key: 'k' },
      reason: 'no SecretProviderClass can have the group as its name (it is not a DNS-1123 subdomain)',
    },
    {
      fields: { group: 'db', key: '../k' },
      reason: 'the path of its file would have a segment "." or ".."',
    },
  ])('is not of it: $reason', async ({ fields, reason }) => {
    expect(await resolved(manager, fields)).toEqual({ kind: 'not-mine', reason })
  })

  it('shares one volume with all secrets of its class, for any version', async () => {
    const pod = podOf(
      { group: 'db', key: 'user' },
      { group: 'db', groupVersion: '2', key: 'password' },
      { group: 'api', key: 'token' },
    )
    const { spec } = await podServedBy(manager, pod)
    expect(spec.volumes.map(({ name: _, ...rest }: Json) => rest)).toEqual([source('db'), source('api')])
    expect(spec.containers[0].volumeMounts).toEqual([
      { name: spec.volumes[0].name, mountPath: '/etc/flyte/secrets/db', readOnly: true },
      { name: spec.volumes[1].name, mountPath: '/etc/flyte/secrets/api', readOnly: true },
    ])
  })

  it('leaves the groups to K8s that its configuration does not name', async () => {
    const config = configFrom({
      webhook: { secretManagerTypes: ['CSI', 'K8s'] },
      function: { profile: 'flyte1', managers: { CSI: { groups: ['csi-*'] } } },
    })
    const asked = podAsking({ group: 'csi-db', key: 'a' }, { group: 'db', key: 'b' })
    const { json } = await call(webhookIn({ config }).webhook, reviewOf(asked))
    expect(json.response.auditAnnotations.injected).toBe('CSI:1,K8s:1')
  })
})
