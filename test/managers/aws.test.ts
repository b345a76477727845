import { describe, expect, it } from 'vitest'
import { createAws } from '../../lib/managers/aws.ts'
import type { Json } from '../support/pods.ts'
import { fileDiscovery, plain, resolved } from './resolved.ts'

const aws = createAws({ sidecarImage: 'sidecar:v1', resources: {} })

/** Returns the variables that tell the init container what to fetch. */
const prefix = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'

const told = async (group: string, key: string) => {
  const { wants }: Json = await resolved(aws, { group, key })
  return Object.fromEntries(wants[0].step.env.map(({ name, value }: Json) => [name, value]))
}

describe('a secret of AWS', () => {
  it('is a fetch, its file and the variables of files', async () => {
    expect(await resolved(aws, { group: prefix, key: 'Key', envVar: 'KEY_FILE' })).toEqual({
      kind: 'found',
      wants: [
        {
          kind: 'fetch',
          identity: expect.any(String),
          name: 'aws-secret-vol',
          mountPath: '/etc/flyte/secrets',
          step: {
            env: [
              { name: 'SECRET_ARN', value: `${prefix}:Key` },
              { name: 'SECRET_FILENAME', value: `/${prefix}/key` },
            ],
          },
        },
        {
          kind: 'file',
          path: `/etc/flyte/secrets/${prefix}/key`,
          root: '/etc/flyte/secrets',
          identity: expect.any(String),
        },
        ...fileDiscovery,
        plain('KEY_FILE', `/etc/flyte/secrets/${prefix}/key`),
      ],
    })
  })

  it.each([
    { group: prefix, key: 'k' },
    { group: `${prefix}:`, key: 'k' },
    { group: prefix, key: ':k' },
    { group: `${prefix}::`, key: '::k' },
  ])('$group and $key make an ARN with one colon between them', async ({ group, key }) => {
    expect(await told(group, key)).toEqual({
      SECRET_ARN: `${prefix}:k`,
      SECRET_FILENAME: `/${group}/${key}`,
    })
  })

  it('has a different content from one whose ARN differs in case, in the same file', async () => {
    const [lower, upper]: Json[] = [
      await resolved(aws, { group: prefix, key: 'k' }),
      await resolved(aws, { group: prefix, key: 'K' }),
    ]
    expect(upper.wants[1].path).toBe(lower.wants[1].path)
    expect(upper.wants[1].identity).not.toBe(lower.wants[1].identity)
  })

  const notArn =
    'the group is not the start of an ARN, such as arn:aws:secretsmanager:eu-west-1:111122223333:secret (function.aws.fetcher: cli accepts names too)'
  const wholeArn =
    'the group is already a complete ARN, and the sidecar appends the key (function.aws.fetcher: cli accepts a complete ARN)'
  it.each([
    { fields: { group: 'g' }, reason: 'it needs a group and a key' },
    { fields: { key: 'k' }, reason: 'it needs a group and a key' },
    {
      fields: { group: 'g', key: 'k', mountRequirement: 'ENV_VAR' as const },
      reason: 'it makes only files, but the request wants a variable',
    },
    { fields: { group: 'db', key: 'k' }, reason: notArn },
    { fields: { group: 'arn:aws:s3:::bucket', key: 'k' }, reason: notArn },
    { fields: { group: 'arn:aws:secretsmanager:us-east-2', key: 'k' }, reason: notArn },
    { fields: { group: 'arn:aws:secretsmanager::111122223333:secret', key: 'k' }, reason: notArn },
    ...[
      `x${prefix}`,
      `${prefix} `,
      `${prefix}\n`,
      `${prefix}s`,
      `${prefix}-db`,
      prefix.replace('arn', 'ARN'),
      prefix.replace('us-east-2', 'us east 2'),
      prefix.replace('us-east-2', '$(REGION)'),
      prefix.replace('111122223333', 'account'),
    ].map((group) => ({ fields: { group, key: 'k' }, reason: notArn })),
    { fields: { group: `${prefix}:db-AbCdEf`, key: 'k' }, reason: wholeArn },
    { fields: { group: `${prefix}:db:`, key: 'k' }, reason: wholeArn },
    { fields: { group: '..', key: 'k' }, reason: 'the path of its file would have a segment "." or ".."' },
  ])('is not of AWS: $reason', async ({ fields, reason }) => {
    expect(await resolved(aws, fields)).toEqual({ kind: 'not-mine', reason })
  })
})
