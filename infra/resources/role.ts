import { builtIn } from '../../lib/managers/built-in.ts'
import { needsSecretsManager, readByManagers } from '../../lib/secret-managers.ts'
import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: readonly string[]
  readonly Resource: readonly unknown[]
  readonly Condition?: unknown
}

/**
 * Returns the role of the function. It can write its own log, and read only the secrets that its configuration names. Source:
 * IAM's service authorization reference for CloudWatch Logs, Secrets Manager, KMS, X-Ray and EC2.
 */
export const role = (stack: Stack): Fragment => ({
  Resources: {
    [logicalId.role]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
        Policies: [
          {
            PolicyName: 'function',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                writeLog,
                ...readSecrets(stack),
                ...decrypt(stack),
                ...trace(stack),
                ...attachToVpc(stack),
              ],
            },
          },
        ],
        ...boundary(stack),
      },
    },
  },
})

const boundary = ({ parameters: { permissionsBoundary } }: Stack) =>
  permissionsBoundary === undefined ? {} : { PermissionsBoundary: permissionsBoundary }

const writeLog: Statement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [{ 'Fn::GetAtt': [logicalId.functionLogGroup, 'Arn'] }],
}

const readSecrets = ({ config }: Stack): readonly Statement[] => {
  const resources = [...globalSecretArns(config), ...managerSecretArns(config)]
  return resources.length === 0
    ? []
    : [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: resources }]
}

type Config = Stack['config']

/** Secrets Manager ends an ARN with a hyphen and six characters. The configuration can name an ARN with or without them. */
const suffix = '-??????'

const globalSecretArns = ({ function: { globalSecrets, aws } }: Config): readonly unknown[] =>
  [...new Set(globalSecrets.secretsManager.map(({ secretId }) => secretId))].flatMap((secretId) =>
    secretId.startsWith('arn:')
      ? [secretId, `${secretId}${suffix}`]
      : [secretArn(`${secretId}${suffix}`, aws.region)],
  )

/** The secrets that managers read while a pod is admitted. The region of the function's own calls overrides a manager's. */
const managerSecretArns = (config: Config): readonly unknown[] =>
  readByManagers(config, builtIn).map(({ name, region }) =>
    secretArn(name, config.function.aws.region ?? region),
  )

const secretArn = (resource: string, region = '${AWS::Region}'): unknown => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${region}:\${AWS::AccountId}:secret:${resource}`,
})

/** Allows decryption only through Secrets Manager, on the function's behalf. */
const decrypt = ({ parameters: { kmsKeyArns }, config }: Stack): readonly Statement[] =>
  kmsKeyArns.length === 0 || !needsSecretsManager(config, builtIn)
    ? []
    : [
        {
          Effect: 'Allow',
          Action: ['kms:Decrypt'],
          Resource: kmsKeyArns,
          Condition: {
            StringLike: { 'kms:ViaService': { 'Fn::Sub': 'secretsmanager.*.${AWS::URLSuffix}' } },
          },
        },
      ]

/** X-Ray has no resources to restrict this to. */
const trace = ({ parameters: { tracing } }: Stack): readonly Statement[] =>
  tracing
    ? [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: ['*'] }]
    : []

/** Lambda's actions on a network interface (Lambda's documentation, "Required IAM permissions" for a VPC). */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/** EC2 accepts no resources for these. */
const describeActions = ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']

/**
 * Lambda attaches the function to its VPC with the function's own role. The last statement keeps the function's code from
 * doing the same, as Lambda's documentation recommends. The account is a wildcard: a shared subnet belongs to another account.
 */
const attachToVpc = ({ parameters: { vpc }, name }: Stack): readonly Statement[] =>
  vpc === undefined
    ? []
    : [
        {
          Effect: 'Allow',
          Action: interfaceActions,
          Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:ec2:${AWS::Region}:*:*/*' }],
        },
        { Effect: 'Allow', Action: describeActions, Resource: ['*'] },
        {
          Effect: 'Deny',
          Action: [...interfaceActions, ...describeActions],
          Resource: ['*'],
          Condition: {
            ArnEquals: {
              'lambda:SourceFunctionArn': {
                'Fn::Sub': `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}`,
              },
            },
          },
        },
      ]
