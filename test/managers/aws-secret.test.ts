import { describe, expect, it } from 'vitest'
import { awsSecret } from '../../lib/managers/aws-secret.ts'
import { requestOf } from '../../lib/manager-testing/samples.ts'

const prefix = 'arn:aws:secretsmanager:us-east-2:111122223333:secret'
const secret = {
  kind: 'secret',
  id: `${prefix}:db`,
  region: 'us-east-2',
  stage: '',
  versionId: '',
  jsonKey: '',
}
const byName = { ...secret, id: 'team/db', region: '', jsonKey: 'k' }

describe('a secret for the AWS CLI', () => {
  it.each([
    { group: prefix, key: 'db', is: secret },
    { group: `${prefix}::`, key: ':db', is: secret },
    { group: prefix, key: 'a/db-1_+=.@x', is: { ...secret, id: `${prefix}:a/db-1_+=.@x` } },
    { group: prefix, key: 'db#k', is: { ...secret, jsonKey: 'k' } },
    { group: prefix, key: 'db#k#a: b', is: { ...secret, jsonKey: 'k#a: b' } },
    { group: `${prefix}:db`, key: 'k', is: { ...secret, jsonKey: 'k' } },
    { group: `${prefix}:db:`, key: '#k', is: { ...secret, jsonKey: 'k' } },
    { group: `${prefix}:db`, key: ':k', is: { ...secret, jsonKey: 'k' } },
    {
      group: 'arn:aws-cn:secretsmanager',
      key: ':cn-north-1:1:secret:db',
      is: { ...secret, id: 'arn:aws-cn:secretsmanager:cn-north-1:1:secret:db', region: 'cn-north-1' },
    },
    { group: 'team/db', key: 'k', is: byName },
    { group: 'team/db', key: '#k', is: byName },
    { group: 'team/db', key: 'k#1', is: { ...byName, jsonKey: 'k#1' } },
  ])('of the group $group and the key $key is $is.id with the key $is.jsonKey', ({ group, key, is }) => {
    expect(awsSecret(requestOf({ group, key }))).toEqual(is)
  })

  const uuid = 'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111'
  const ofTerraform = 'terraform-20261123000000000000000001'
  it.each([
    { groupVersion: 'AWSPREVIOUS', is: { stage: 'AWSPREVIOUS' } },
    { groupVersion: 'x'.repeat(31), is: { stage: 'x'.repeat(31) } },
    { groupVersion: 'x'.repeat(65), is: { stage: 'x'.repeat(65) } },
    { groupVersion: uuid, is: { versionId: uuid } },
    { groupVersion: ofTerraform, is: { versionId: ofTerraform } },
  ])('of the version $groupVersion has $is', ({ groupVersion, is }) => {
    expect(awsSecret(requestOf({ group: prefix, key: 'db', groupVersion }))).toEqual({ ...secret, ...is })
  })

  const noId = 'not a valid ARN or name of a secret in AWS (# and a key of a JSON secret can follow it)'
  const noKey = 'a key of a JSON secret must follow the #'
  const noVersion = 'group_version is not a valid stage or version id'
  it.each([
    { fields: { group: prefix, key: 'a b' }, why: noId },
    { fields: { group: prefix, key: 'db:k' }, why: noId },
    { fields: { group: prefix, key: '#k' }, why: noId },
    { fields: { group: prefix, key: '-db' }, why: noId },
    { fields: { group: prefix, key: 'x'.repeat(2048) }, why: noId },
    { fields: { group: 'arn:aws:s3:::bucket', key: 'k' }, why: noId },
    { fields: { group: 'file:///etc/passwd', key: 'k' }, why: noId },
    { fields: { group: '--debug', key: 'k' }, why: noId },
    { fields: { group: prefix, key: 'db#' }, why: noKey },
    { fields: { group: 'db', key: '#' }, why: noKey },
    { fields: { group: prefix, key: 'db', groupVersion: '--debug' }, why: noVersion },
    { fields: { group: prefix, key: 'db', groupVersion: 'file:///etc/passwd' }, why: noVersion },
    { fields: { group: prefix, key: 'db', groupVersion: 'x'.repeat(257) }, why: noVersion },
  ])('does not exist for $fields: $why', ({ fields, why }) => {
    expect(awsSecret(requestOf(fields))).toEqual({ kind: 'none', why })
  })
})
