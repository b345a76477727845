const account = '123456789012'
const id = '12345678-1234-1234-1234-123456789012'

/** Packages that an operator can choose: the minimum, each exposure, and everything at once. */
export const variants = {
  minimal: {},
  regional: { allowedCidrs: '203.0.113.10/32, 198.51.100.0/24' },
  private: {
    exposure: 'private',
    vpcEndpointIds: 'vpce-0123456789abcdef0,vpce-0fedcba9876543210',
  },
  domain: {
    domainName: 'flyte-webhook.example.com',
    certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/${id}`,
  },
  full: {
    config: 'full.yaml',
    allowedCidrs: '203.0.113.10/32',
    domainName: 'flyte-webhook.example.com',
    certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/${id}`,
    webAclArn: `arn:aws:wafv2:us-east-1:${account}:regional/webacl/flyte/${id}`,
    alarmTopicArn: `arn:aws:sns:us-east-1:${account}:on-call`,
    kmsKeyArns: `arn:aws:kms:us-east-1:${account}:key/${id}`,
    tracing: 'true',
    logRetentionDays: '90',
    throttleRate: '50',
    throttleBurst: '100',
    reservedConcurrency: '20',
    provisionedConcurrency: '2',
    vpcSubnetIds: 'subnet-0123456789abcdef0,subnet-0fedcba9876543210',
    vpcSecurityGroupIds: 'sg-0123456789abcdef0',
    permissionsBoundary: `arn:aws:iam::${account}:policy/platform-boundary`,
    logKmsKeyArn: `arn:aws:kms:us-east-1:${account}:key/${id}`,
    tags: 'owner=platform,cost-center=42',
    deploymentBucket: 'platform-artifacts',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>

export type Variant = keyof typeof variants

/** The configuration of `full`, which reads everything that it can from Secrets Manager. */
export const fullConfig = `
webhook:
  secretManagerTypes: [Embedded]
  embeddedSecretManagerConfig: {type: AWS}
function:
  profile: flyte2
  embedded: {allow: [{organizations: ["*"], projects: ["*"], domains: ["*"]}]}
  globalSecrets:
    secretsManager:
      - secretId: prod/warehouse
        group: warehouse
      - secretId: prod/warehouse
        group: again
      - secretId: arn:aws:secretsmanager:eu-west-1:${account}:secret:other-AbCdEf
    ttlMs: 60000
`
