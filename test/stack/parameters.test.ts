import { describe, expect, it } from 'vitest'
import { parseParameters } from '../../infra/resources/parameters.ts'

const certificate = 'arn:aws:acm:eu-west-1:123456789012:certificate/1'
const endpoint = 'vpce-0123456789abcdef0'

const problemsOf = (written: Readonly<Record<string, unknown>>): readonly string[] => {
  const parsed = parseParameters(written)
  return parsed.kind === 'problems' ? parsed.problems : []
}

describe('the parameters of a stack', () => {
  it('all have a default', () => {
    expect(parseParameters({ exposure: null })).toEqual({
      kind: 'parameters',
      parameters: {
        config: 'webhook.yaml',
        callerTokenSha256: '',
        exposure: { kind: 'regional' },
        kmsKeyArns: [],
        tracing: false,
        logRetentionDays: 30,
        throttle: { rate: 500, burst: 1000 },
        tags: {},
      },
    })
  })

  const lists = [
    { form: 'text', allowedCidrs: ' 203.0.113.10/32, 198.51.100.0/24,' },
    { form: 'a list of YAML', allowedCidrs: ['203.0.113.10/32', '198.51.100.0/24'] },
  ]
  it.each(lists)('take a list as $form', ({ allowedCidrs }) => {
    expect(parseParameters({ allowedCidrs })).toMatchObject({
      parameters: { exposure: { kind: 'regional', allowedCidrs: ['203.0.113.10/32', '198.51.100.0/24'] } },
    })
  })

  it.each([
    { form: 'text', tags: 'owner=platform, url=https://a/+b=c' },
    { form: 'a map of YAML', tags: { owner: 'platform', url: 'https://a/+b=c' } },
  ])('take tags as $form', ({ tags }) => {
    expect(parseParameters({ tags })).toMatchObject({
      parameters: { tags: { owner: 'platform', url: 'https://a/+b=c' } },
    })
  })

  it.each([
    { tracing: true, is: true },
    { tracing: 'true', is: true },
    { tracing: 'false', is: false },
    { tracing: false, is: false },
  ])('take $tracing from YAML and from a command line', ({ tracing, is }) => {
    expect(parseParameters({ tracing })).toMatchObject({ parameters: { tracing: is } })
  })

  it.each([
    { written: { exposure: 'private', vpcEndpointIds: endpoint } },
    { written: { domainName: 'flyte.example.com', certificateArn: certificate } },
    { written: { webAclArn: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/b' } },
    { written: { alarmTopicArn: 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:on-call' } },
    { written: { kmsKeyArns: 'arn:aws:kms:eu-west-1:123456789012:key/mrk-1' } },
    { written: { reservedConcurrency: '5', provisionedConcurrency: '5' } },
    { written: { permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundaries/apps' } },
    { written: { permissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' } },
    { written: { logKmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/mrk-1' } },
    { written: { vpcSubnetIds: 'subnet-0123456789abcdef0', vpcSecurityGroupIds: 'sg-01234567' } },
    { written: { deploymentBucket: 'platform.artifacts-1' } },
    { written: { tags: { 'cost-center': '42', 'equipe:é': '' } } },
  ])('accept $written', ({ written }) => {
    expect(problemsOf(written)).toEqual([])
  })

  const wrong = [
    { written: { exposur: 'private' }, says: 'exposur is not a parameter: exposure?' },
    { written: { zzzzzzzzzzzz: '' }, says: 'zzzzzzzzzzzz is not a parameter' },
    { written: { exposure: 'edge' }, says: 'exposure must be regional or private' },
    { written: { exposure: 'private' }, says: 'vpcEndpointIds must list the VPC endpoints' },
    { written: { exposure: 'private', vpcEndpointIds: 'vpc-1' }, says: 'vpcEndpointIds must be the ids' },
    { written: { vpcEndpointIds: endpoint }, says: 'vpcEndpointIds needs exposure=private' },
    {
      written: { exposure: 'private', vpcEndpointIds: endpoint, allowedCidrs: '203.0.113.0/24' },
      says: 'allowedCidrs needs exposure=regional',
    },
    {
      written: {
        exposure: 'private',
        vpcEndpointIds: endpoint,
        domainName: 'a.example.com',
        certificateArn: certificate,
      },
      says: 'domainName needs exposure=regional',
    },
    { written: { allowedCidrs: '203.0.113.10' }, says: 'allowedCidrs must be IPv4 networks' },
    { written: { allowedCidrs: '2001:db8::/32' }, says: 'allowedCidrs must be IPv4 networks' },
    { written: { allowedCidrs: '0.0.0.0/0' }, says: 'allowedCidrs must name networks of /8 or smaller' },
    { written: { allowedCidrs: '0.0.0.0/1,128.0.0.0/1' }, says: 'allowedCidrs must name networks of /8' },
    { written: { allowedCidrs: '10.1.0.0/16' }, says: 'allowedCidrs must be public addresses' },
    { written: { allowedCidrs: '172.20.0.0/16' }, says: 'allowedCidrs must be public addresses' },
    { written: { domainName: 'a.example.com' }, says: 'domainName and certificateArn must be set together' },
    { written: { certificateArn: certificate }, says: 'domainName and certificateArn must be set together' },
    {
      written: { domainName: 'https://a.example.com', certificateArn: certificate },
      says: 'domainName must be a DNS name',
    },
    {
      written: { domainName: 'a.example.com', certificateArn: 'arn:aws:iam::123456789012:role/a' },
      says: 'certificateArn must be an ARN: arn:aws:acm:<region>:<account>:certificate/…',
    },
    { written: { logRetentionDays: '31' }, says: 'logRetentionDays must be one of 1, 3, 5, 7, 14, 30' },
    { written: { throttleRate: '0' }, says: 'throttleRate must be a whole number from 1' },
    { written: { throttleBurst: 'many' }, says: 'throttleBurst must be a whole number from 1' },
    { written: { reservedConcurrency: '0' }, says: 'reservedConcurrency must be a whole number from 1' },
    {
      written: { reservedConcurrency: '1', provisionedConcurrency: '2' },
      says: 'provisionedConcurrency must not be greater than reservedConcurrency',
    },
    { written: { tracing: 'yes' }, says: 'tracing must be true or false' },
    {
      written: { permissionsBoundary: 'arn:aws:iam::123456789012:role/apps' },
      says: 'permissionsBoundary must be the ARN of a policy: arn:aws:iam::<account>:policy/…',
    },
    { written: { logKmsKeyArn: 'alias/logs' }, says: 'logKmsKeyArn must be an ARN: arn:aws:kms:' },
    {
      written: { vpcSubnetIds: 'subnet-0123456789abcdef0' },
      says: 'vpcSubnetIds and vpcSecurityGroupIds must be set together',
    },
    { written: { vpcSubnetIds: 'sg-01234567' }, says: 'vpcSubnetIds must be the ids of subnets: subnet-' },
    {
      written: { vpcSecurityGroupIds: 'default' },
      says: 'vpcSecurityGroupIds must be the ids of security groups: sg-',
    },
    { written: { deploymentBucket: 's3://artifacts' }, says: 'deploymentBucket must be the name of an S3' },
    { written: { tags: 'owner' }, says: 'tags must be at most 50 pairs' },
    { written: { tags: 'owner=a,' }, says: 'tags must be at most 50 pairs' },
    { written: { tags: 'owner=a,owner=b' }, says: 'tags must be at most 50 pairs with different keys' },
    { written: { tags: 'AWS:owner=a' }, says: 'tags must be at most 50 pairs' },
    { written: { tags: { owner: 42 } }, says: 'tags must be at most 50 pairs' },
    { written: { tags: { owner: 'a?' } }, says: 'tags must be at most 50 pairs' },
    {
      written: { tags: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`key${at}`, ''])) },
      says: 'tags must be at most 50 pairs',
    },
  ]
  it.each(wrong)('refuse $written', ({ written, says }) => {
    expect(problemsOf(written)).toContainEqual(expect.stringContaining(says))
  })

  it('report all problems at once', () => {
    expect(problemsOf({ tracing: 'yes', alarmTopic: 'x', throttleRate: '1.5' })).toHaveLength(3)
  })
})
