import { needsSecretsManager } from '../../lib/secret-managers.ts'
import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly unknown[]
  readonly Condition?: unknown
}

/**
 * The role of the function: it writes its own log, and reads the secrets that its configuration names and no others. Source:
 * IAM's service authorization reference for CloudWatch Logs, Secrets Manager, KMS and X-Ray.
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
              Statement: [writeLog, ...readSecrets(stack), ...decrypt(stack), ...trace(stack)],
            },
          },
        ],
      },
    },
  },
})

const writeLog: Statement = {
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [{ 'Fn::GetAtt': [logicalId.functionLogGroup, 'Arn'] }],
}

const readSecrets = ({ config }: Stack): readonly Statement[] => {
  const resources = [...globalSecretArns(config), ...embeddedSecretArns(config)]
  return resources.length === 0
    ? []
    : [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: resources }]
}

type Config = Stack['config']

/** Secrets Manager ends an ARN with a hyphen and six characters of its own; an ARN may be written with or without them. */
const suffix = '-??????'

const globalSecretArns = ({ function: { globalSecrets, aws } }: Config): readonly unknown[] =>
  [...new Set(globalSecrets.secretsManager.map(({ secretId }) => secretId))].flatMap((secretId) =>
    secretId.startsWith('arn:')
      ? [secretId, `${secretId}${suffix}`]
      : [secretArn(`${secretId}${suffix}`, aws.region)],
  )

/** Which project or domain a pod is of shows only when it is admitted; the names of all begin alike (specification §4.7). */
const embeddedSecretArns = ({ webhook, function: { aws } }: Config): readonly unknown[] => {
  const { type, awsConfig } = webhook.embeddedSecretManagerConfig
  const isUsed = webhook.secretManagerTypes.includes('Embedded') && type === 'AWS'
  return isUsed ? [secretArn('u__org__*', aws.region ?? awsConfig.region)] : []
}

const secretArn = (resource: string, region = '${AWS::Region}'): unknown => ({
  'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:${region}:\${AWS::AccountId}:secret:${resource}`,
})

/** Only what Secrets Manager asks for on the function's behalf. */
const decrypt = ({ parameters: { kmsKeyArns }, config }: Stack): readonly Statement[] =>
  kmsKeyArns.length === 0 || !needsSecretsManager(config)
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

/** X-Ray knows no resources. */
const trace = ({ parameters: { tracing } }: Stack): readonly Statement[] =>
  tracing
    ? [{ Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: ['*'] }]
    : []
