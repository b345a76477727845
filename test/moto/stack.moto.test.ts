import { execFile } from 'node:child_process'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Workspace } from '../stack/workspace.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'

/** What moto's CloudFormation does not know and silently leaves out. Of these the template alone is asserted (test/stack). */
const skippedKinds = [
  'AWS::ApiGateway::BasePathMapping',
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::S3::BucketPolicy',
  'AWS::WAFv2::WebACLAssociation',
]

describe.skipIf(!isMotoInstalled)('npm run deploy', { timeout: 120_000 }, () => {
  let moto: Moto
  let workspace: Workspace
  let environment: Record<string, string>

  beforeAll(async () => {
    moto = await Moto.start()
    workspace = await Workspace.create()
    environment = { ...awsEnvironment, AWS_ENDPOINT_URL: moto.endpoint }
    await deploy()
  }, 120_000)
  afterAll(async () => {
    await workspace.remove()
    await moto.stop()
  })

  const deploy = async (parameters: Readonly<Record<string, string>> = {}): Promise<void> => {
    const deploying = workspace.serverless('deploy', parameters, environment)
    if ((await deploying.ended) !== 0) throw new Error(deploying.stdout() + deploying.stderr())
  }

  /** Asks by the AWS CLI. */
  const aws = async (...args: readonly string[]): Promise<Json> => {
    const region = ['--region', awsEnvironment.AWS_REGION, '--output', 'json']
    const { stdout } = await promisify(execFile)(join(motoEnvironment, 'bin/aws'), [...args, ...region], {
      env: { ...process.env, ...environment },
    })
    return JSON.parse(stdout)
  }

  const codeSha256 = async (): Promise<string> =>
    (await aws('lambda', 'get-function-configuration', '--function-name', 'flyte-webhook-dev')).CodeSha256

  it('makes the function', async () => {
    const made = await aws('lambda', 'get-function-configuration', '--function-name', 'flyte-webhook-dev')
    expect(made).toMatchObject({
      Runtime: 'nodejs24.x',
      Handler: 'dist/mutate.handler',
      MemorySize: 512,
      Timeout: 8,
      Environment: { Variables: { CALLER_TOKEN_SHA256: `production=${'0'.repeat(64)}` } },
    })
    expect(made.Role).toMatch(/:role\/flyte-webhook-dev-MutateRole/)
  })

  it('makes the REST API with its three methods and no more', async () => {
    const { items } = await aws('apigateway', 'get-rest-apis')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      name: 'flyte-webhook-dev',
    })
    const resources = await aws('apigateway', 'get-resources', '--rest-api-id', items[0].id)
    const methods = resources.items.flatMap((item: Json) =>
      Object.keys(item.resourceMethods ?? {}).map((method) => `${method} ${item.path}`),
    )
    expect(methods.toSorted()).toEqual([
      'GET /{cluster}/{token}/healthz',
      'HEAD /{cluster}/{token}/healthz',
      'POST /{cluster}/{token}/mutate--v1-pod',
    ])
  })

  it('makes a role that may write its own log and nothing else', async () => {
    const { Roles } = await aws('iam', 'list-roles')
    const [{ RoleName }] = Roles
    expect(Roles).toHaveLength(1)
    const { PolicyDocument } = await aws(
      'iam',
      'get-role-policy',
      '--role-name',
      RoleName,
      '--policy-name',
      'function',
    )
    // moto gives the document in Python's spelling.
    expect(JSON.parse(PolicyDocument.replaceAll("'", '"')).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [expect.stringMatching(/:log-group:\/aws\/lambda\/flyte-webhook-dev/)],
      },
    ])
  })

  it('makes both log groups, which forget', async () => {
    const { logGroups } = await aws('logs', 'describe-log-groups')
    expect(
      logGroups.map(({ logGroupName, retentionInDays }: Json) => [logGroupName, retentionInDays]),
    ).toEqual([
      ['/aws/apigateway/flyte-webhook-dev', 30],
      ['/aws/lambda/flyte-webhook-dev', 30],
    ])
  })

  it('makes a dashboard that can be read', async () => {
    const { DashboardBody } = await aws(
      'cloudwatch',
      'get-dashboard',
      '--dashboard-name',
      'flyte-webhook-dev',
    )
    const [{ properties }] = JSON.parse(DashboardBody).widgets
    expect(properties.region).toBe(awsEnvironment.AWS_REGION)
  })

  it('leaves nothing out but what moto does not know', () => {
    const skipped = [...moto.printed.matchAll(/No Moto CloudFormation support for (\S+)/g)].map(
      ([, kind]) => kind,
    )
    expect(skippedKinds).toEqual(expect.arrayContaining([...new Set(skipped)]))
    expect(skipped).toContain('AWS::ApiGateway::Stage')
  })

  it('upgrades, and rolls back by deploying what was there before', async () => {
    const config = join(workspace.folder, 'webhook.yaml')
    const before = await codeSha256()
    await copyFile(config, `${config}.before`)
    await writeFile(config, 'webhook: {secretManagerTypes: [Vault]}\n')
    await deploy()
    expect(await codeSha256()).not.toBe(before)
    await copyFile(`${config}.before`, config)
    await deploy()
    expect(await codeSha256()).toBe(before)
  })

  it('changes the digests of tokens without another package', async () => {
    const before = await codeSha256()
    await deploy({ callerTokenSha256: `production=${'1'.repeat(64)}` })
    const made = await aws('lambda', 'get-function-configuration', '--function-name', 'flyte-webhook-dev')
    expect(made.Environment.Variables.CALLER_TOKEN_SHA256).toBe(`production=${'1'.repeat(64)}`)
    expect(await codeSha256()).toBe(before)
  })

  it('is taken back by serverless remove', async () => {
    expect(await workspace.serverless('remove', {}, environment).ended).toBe(0)
    expect((await aws('lambda', 'list-functions')).Functions).toEqual([])
    expect((await aws('iam', 'list-roles')).Roles).toEqual([])
  })
})
