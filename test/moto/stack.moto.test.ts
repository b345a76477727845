import { execFile } from 'node:child_process'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullConfig, variants } from '../stack/variants.ts'
import { Workspace } from '../stack/workspace.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'

/**
 * The resource types that moto's CloudFormation does not know and silently skips. Only test/stack checks them, in the
 * template.
 */
const skippedKinds = [
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::S3::BucketPolicy',
  'AWS::WAFv2::WebACLAssociation',
]

/** The region of the ARNs in `variants`. */
const region = 'us-east-1'

/** moto fails at the alias for provisioned concurrency. */
const { provisionedConcurrency: _, ...full } = variants.full

/** A minimal stack, a full one and a private one, each in its own stage. */
const stages = [
  { stage: 'dev', parameters: {}, config: { MemorySize: 512, Timeout: 8 }, retention: 30 },
  { stage: 'full', parameters: full, config: { MemorySize: 512 }, retention: 90 },
  { stage: 'private', parameters: variants.private, config: { Runtime: 'nodejs24.x' }, retention: 30 },
] as const

describe.skipIf(!isMotoInstalled)('npm run deploy', { timeout: 120_000 }, () => {
  let moto: Moto
  let workspace: Workspace
  let environment: Record<string, string>

  beforeAll(async () => {
    moto = await Moto.start()
    workspace = await Workspace.create()
    environment = { ...awsEnvironment, AWS_REGION: region, AWS_ENDPOINT_URL: moto.endpoint }
    await writeFile(join(workspace.folder, 'full.yaml'), fullConfig)
    await aws('s3api create-bucket', `--bucket=${full.deploymentBucket}`)
    for (const { stage, parameters } of stages) await deploy(stage, parameters)
  }, 120_000)
  afterAll(async () => {
    await workspace.remove()
    await moto.stop()
  })

  const deploy = async (stage: string, parameters: Readonly<Record<string, string>> = {}): Promise<void> => {
    const deploying = workspace.serverless('deploy', parameters, {
      environment,
      options: [`--stage=${stage}`],
    })
    if ((await deploying.ended) !== 0) throw new Error(deploying.stdout() + deploying.stderr())
  }

  /** Runs the AWS CLI. */
  const aws = async (command: string, ...options: readonly string[]): Promise<Json> => {
    const args = [...command.split(' '), ...options, `--region=${region}`, '--output=json']
    const env = { ...process.env, ...environment }
    const { stdout } = await promisify(execFile)(join(motoEnvironment, 'bin/aws'), args, { env })
    return JSON.parse(stdout)
  }

  const functionOf = (stage: string): Promise<Json> =>
    aws('lambda get-function-configuration', `--function-name=flyte-webhook-${stage}`)

  it.each(stages)('creates the function of $stage', async ({ stage, config }) => {
    const made = await functionOf(stage)
    expect(made).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'dist/mutate.handler',
      Environment: { Variables: { CALLER_TOKEN_SHA256: `production=${'0'.repeat(64)}` } },
      ...config,
    })
    expect(made.Role).toMatch(new RegExp(`:role/flyte-webhook-${stage}-MutateRole`))
  })

  it.each(stages)('creates the REST API of $stage with exactly three methods', async ({ stage }) => {
    const { items } = await aws('apigateway get-rest-apis')
    const { id } = items.find(({ name }: Json) => name === `flyte-webhook-${stage}`)
    const resources = await aws('apigateway get-resources', `--rest-api-id=${id}`)
    const methods = resources.items.flatMap((item: Json) =>
      Object.keys(item.resourceMethods ?? {}).map((method) => `${method} ${item.path}`),
    )
    expect(methods.toSorted()).toEqual([
      'GET /{cluster}/{token}/healthz',
      'HEAD /{cluster}/{token}/healthz',
      'POST /{cluster}/{token}/mutate--v1-pod',
    ])
  })

  const granted = [
    { stage: 'dev', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
    {
      stage: 'full',
      actions: [
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
        'kms:Decrypt',
        'xray:PutTraceSegments',
        'xray:PutTelemetryRecords',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
      ],
    },
  ]
  it.each(granted)('creates a role for $stage that allows $actions', async ({ stage, actions }) => {
    const { Roles } = await aws('iam list-roles')
    const { RoleName } = Roles.find((role: Json) => role.RoleName.startsWith(`flyte-webhook-${stage}-`))
    const { PolicyDocument } = await aws(
      'iam get-role-policy',
      `--role-name=${RoleName}`,
      '--policy-name=function',
    )
    // moto returns the document in Python's notation.
    const { Statement } = JSON.parse(PolicyDocument.replaceAll("'", '"'))
    const allowed = Statement.filter(({ Effect }: Json) => Effect === 'Allow')
    expect(allowed.flatMap(({ Action }: Json) => Action)).toEqual(actions)
    expect(Statement[0].Resource[0]).toContain(`/aws/lambda/flyte-webhook-${stage}`)
  })

  it.each(stages)('creates both log groups of $stage, with a retention', async ({ stage, retention }) => {
    const { logGroups } = await aws('logs describe-log-groups')
    const kept = Object.fromEntries(
      logGroups.map(({ logGroupName, retentionInDays }: Json) => [logGroupName, retentionInDays]),
    )
    expect(kept).toMatchObject({
      [`/aws/apigateway/flyte-webhook-${stage}`]: retention,
      [`/aws/lambda/flyte-webhook-${stage}`]: retention,
    })
  })

  it('keeps the code in the operator’s bucket', async () => {
    const { Contents } = await aws('s3api list-objects-v2', `--bucket=${full.deploymentBucket}`)
    expect(Contents.map(({ Key }: Json) => Key)).toContainEqual(
      expect.stringMatching(/\/flyte-webhook\.zip$/),
    )
  })

  it('tags the stack and its resources', async () => {
    const tags = [
      { Key: 'cost-center', Value: '42' },
      { Key: 'owner', Value: 'platform' },
    ]
    const { Stacks } = await aws('cloudformation describe-stacks', '--stack-name=flyte-webhook-full')
    expect(Stacks[0].Tags).toEqual(expect.arrayContaining(tags))
    const { Role } = await functionOf('full')
    const listed = await aws('iam list-role-tags', `--role-name=${Role.split('/').at(-1)}`)
    expect(listed.Tags).toEqual(expect.arrayContaining(tags))
  })

  it('creates a valid dashboard', async () => {
    const { DashboardBody } = await aws('cloudwatch get-dashboard', '--dashboard-name=flyte-webhook-dev')
    expect(JSON.parse(DashboardBody).widgets[0].properties.region).toBe(region)
  })

  it('skips only types that moto does not know', () => {
    const printed = moto.printed.matchAll(/No Moto CloudFormation support for (\S+)/g)
    expect([...new Set([...printed].map(([, kind = '']) => kind))].toSorted()).toEqual(skippedKinds)
  })

  it('upgrades, and rolls back by deploying the previous configuration', async () => {
    const config = join(workspace.folder, 'webhook.yaml')
    const { CodeSha256: before } = await functionOf('dev')
    await copyFile(config, `${config}.before`)
    await writeFile(config, 'webhook: {secretManagerType: Vault}\n')
    await deploy('dev')
    expect((await functionOf('dev')).CodeSha256).not.toBe(before)
    await copyFile(`${config}.before`, config)
    await deploy('dev', { callerTokenSha256: `production=${'1'.repeat(64)}` })
    const { CodeSha256, Environment } = await functionOf('dev')
    expect(CodeSha256).toBe(before)
    expect(Environment.Variables.CALLER_TOKEN_SHA256).toBe(`production=${'1'.repeat(64)}`)
  })

  it('is undone by serverless remove', async () => {
    const removing = workspace.serverless('remove', {}, { environment, options: ['--stage=dev'] })
    expect(await removing.ended).toBe(0)
    const { Functions } = await aws('lambda list-functions')
    expect(Functions.map(({ FunctionName }: Json) => FunctionName)).not.toContain('flyte-webhook-dev')
  })
})
