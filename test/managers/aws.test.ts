import { describe, expect, it } from 'vitest'
import { createAws } from '../../lib/managers/aws.ts'
import type { Json } from '../support/pods.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const aws = createAws({ sidecarImage: 'sidecar:v1', resources: {} })

/** The variables by which the init container is told what to fetch. */
const told = async (group: string, key: string) => {
  const { wants }: Json = await resolved(aws, { group, key })
  return Object.fromEntries(wants[0].step.env.map(({ name, value }: Json) => [name, value]))
}

describe('a secret of AWS', () => {
  it('is a fetch, its file and the variables of files', async () => {
    expect(await resolved(aws, { group: 'Prefix', key: 'Key', envVar: 'KEY_FILE' })).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: expect.any(String),
          name: 'aws-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: {
            env: [
              { name: 'SECRET_ARN', value: 'Prefix:Key' },
              { name: 'SECRET_FILENAME', value: '/prefix/key' },
            ],
          },
        },
        {
          kind: 'file',
          path: '/etc/flyte/secrets/prefix/key',
          root: '/etc/flyte/secrets',
          identity: expect.any(String),
        },
        ...fileDiscovery,
        plain('KEY_FILE', '/etc/flyte/secrets/prefix/key'),
      ],
    })
  })

  it.each([
    { group: 'arn:aws:sm', key: 'k' },
    { group: 'arn:aws:sm:', key: 'k' },
    { group: 'arn:aws:sm', key: ':k' },
    { group: 'arn:aws:sm::', key: '::k' },
  ])('$group and $key make an ARN with one colon between them', async ({ group, key }) => {
    expect(await told(group, key)).toEqual({
      SECRET_ARN: 'arn:aws:sm:k',
      SECRET_FILENAME: `/${group}/${key}`,
    })
  })

  it('is another content than one whose ARN differs in case, though the file is the same', async () => {
    const [lower, upper]: Json[] = [
      await resolved(aws, { group: 'g', key: 'k' }),
      await resolved(aws, { group: 'G', key: 'K' }),
    ]
    expect(upper.wants[1].path).toBe(lower.wants[1].path)
    expect(upper.wants[1].identity).not.toBe(lower.wants[1].identity)
  })

  it.each([
    { fields: { group: 'g' }, reason: 'it needs a group and a key' },
    { fields: { key: 'k' }, reason: 'it needs a group and a key' },
    {
      fields: { group: 'g', key: 'k', mountRequirement: 'ENV_VAR' as const },
      reason: 'it can make files only, and the request wants a variable',
    },
    { fields: { group: '..', key: 'k' }, reason: 'the path of its file would have a segment "." or ".."' },
  ])('is not of AWS: $reason', async ({ fields, reason }) => {
    expect(await resolved(aws, fields)).toEqual({ kind: 'not-mine', reason })
  })
})
