import { describe, expect, it } from 'vitest'
import { createAws } from '../../lib/managers/aws.ts'
import { createAzure } from '../../lib/managers/azure.ts'
import { createGcp } from '../../lib/managers/gcp.ts'
import type { Json } from '../support/pods.ts'
import { resolved } from './resolved.ts'

const options = { sidecarImage: 'registry/image:v1', resources: { limits: { cpu: '1' } } }
const rows = [
  { manager: createAws(options), name: 'AWS', prefix: 'aws', mountPath: '/tmp' },
  { manager: createGcp(options), name: 'GCP', prefix: 'gcp', mountPath: '/etc/flyte/secrets' },
  { manager: createAzure(options), name: 'Azure', prefix: 'azure', mountPath: '/etc/flyte/secrets' },
]

describe.each(rows)('the init containers of $name', ({ manager, name, prefix, mountPath }) => {
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
    const { wants }: Json = await resolved(manager, { group: 'g', groupVersion: '1', key: 'k' })
    expect(wants[0]).toMatchObject({ kind: 'fetch', name: `${prefix}-secret-vol` })
  })
})

describe('a fetch', () => {
  it.each(rows)(
    'of $manager.name is the same for the same request, and another for another file',
    async ({ manager }) => {
      const identityOf = async (group: string): Promise<string> => {
        const { wants }: Json = await resolved(manager, { group, groupVersion: '1', key: 'k' })
        return wants[0].identity
      }
      expect(await identityOf('g')).toBe(await identityOf('g'))
      expect(await identityOf('other')).not.toBe(await identityOf('g'))
    },
  )
})
