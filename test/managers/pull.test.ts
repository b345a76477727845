import { describe, expect, it } from 'vitest'
import { createAws } from '../../lib/managers/aws.ts'
import { createAzure } from '../../lib/managers/azure.ts'
import { createGcp } from '../../lib/managers/gcp.ts'
import type { Json } from '../support/pods.ts'
import { host } from '../../lib/manager-testing/samples.ts'
import { resolved } from './resolved.ts'

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
  it('are one for each fetch, numbered in order, with the configured image and resources', () => {
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

  it('write to the volume of the fetch', async () => {
    const { wants }: Json = await resolved(manager, { group, groupVersion: '1', key: 'k' })
    expect(wants[0]).toMatchObject({ kind: 'fetch', name: `${prefix}-secret-vol` })
  })
})
