import { describe, expect, it } from 'vitest'
import { createAwsCli } from '../../lib/managers/aws-cli.ts'
import { createAws } from '../../lib/managers/aws.ts'
import { createAzure } from '../../lib/managers/azure.ts'
import { createGcp } from '../../lib/managers/gcp.ts'
import { createVault } from '../../lib/managers/vault.ts'
import type { Json } from '../support/pods.ts'
import { host, podFacts, resolved } from './resolved.ts'

const options = { sidecarImage: 'registry/image:v1', resources: { limits: { cpu: '1' } } }
const arn = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const rows = [
  { manager: createAws(options), name: 'AWS', prefix: 'aws', mountPath: '/tmp', group: arn },
  {
    manager: createGcp(options, host),
    name: 'GCP',
    prefix: 'gcp',
    mountPath: '/etc/flyte/secrets',
    group: 'g',
  },
  {
    manager: createAzure(options, host),
    name: 'Azure',
    prefix: 'azure',
    mountPath: '/etc/flyte/secrets',
    group: 'g',
  },
]

describe.each(rows)('the init containers of $name', ({ manager, name, prefix, mountPath, group }) => {
  it('are one for each fetch, numbered in its order, with the image and resources that are configured', () => {
    expect(manager.name).toBe(name)
    const [first, second] = [{ env: [{ name: 'SECRET_ARN', value: 'a' }] }, { command: ['b'] }] as const
    const common = {
      image: 'registry/image:v1',
      resources: { limits: { cpu: '1' } },
      volumeMounts: [{ name: `${prefix}-secret-vol`, mountPath }],
    }
    expect(manager.pullContainers?.([first, second])).toEqual([
      { name: `${prefix}-pull-secret-0`, ...common, ...first },
      { name: `${prefix}-pull-secret-1`, ...common, ...second },
    ])
  })

  it('write to the volume that the fetch names', async () => {
    const { wants }: Json = await resolved(manager, { group, groupVersion: '1', key: 'k' })
    expect(wants[0]).toMatchObject({ kind: 'fetch', name: `${prefix}-secret-vol` })
  })
})

describe('a pod for Windows', () => {
  const windows = { ...podFacts(), os: 'windows' }
  const reason = 'it needs a Linux container, and the pod is for Windows (spec.os.name)'
  const vault = createVault({ role: 'flyte', kvVersion: '2', annotations: {} }, host)
  it.each([
    ...rows,
    { manager: createAwsCli({ cliImage: 'i', resources: {} }, host), group: 'g' },
    { manager: vault, group: 'g' },
  ])('is not of $manager.name, whose container it cannot run', async ({ manager, group }) => {
    const request = { group, groupVersion: '1', key: 'k' }
    expect(await resolved(manager, request, windows)).toEqual({ kind: 'not-mine', reason })
    const linux = { ...podFacts(), os: 'linux' }
    expect(await resolved(manager, request, linux)).toMatchObject({ kind: 'found' })
  })
})

describe('a fetch', () => {
  it.each(rows)(
    'of $manager.name is the same for the same request, and another for another file',
    async ({ manager, group }) => {
      const identityOf = async (asked: string): Promise<string> => {
        const { wants }: Json = await resolved(manager, { group: asked, groupVersion: '1', key: 'k' })
        return wants[0].identity
      }
      expect(await identityOf(group)).toBe(await identityOf(group))
      expect(await identityOf(`${group}2`)).not.toBe(await identityOf(group))
    },
  )
})
