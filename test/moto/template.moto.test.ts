import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { Workspace } from '../stack/workspace.ts'
import { blocksOf } from '../support/markdown.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'

const page = await readFile(join(projectRoot, 'docs/deploy-with-other-tools.md'), 'utf8')
const [packaging = 'false'] = blocksOf(page, 'Package', 'sh')
const [deploying = 'false'] = blocksOf(page, 'CloudFormation', 'sh')

describe.skipIf(!isMotoInstalled)('the recipe for CloudFormation', { timeout: 120_000 }, () => {
  let moto: Moto
  let workspace: Workspace

  beforeAll(async () => {
    moto = await Moto.start()
    workspace = await Workspace.create()
    const digests = join(workspace.folder, 'production.digests')
    await writeFile(digests, `callerTokenSha256=production=${'0'.repeat(64)}\n`)
    await bash('aws s3 mb s3://artifacts')
  }, 120_000)
  afterAll(async () => {
    await workspace.remove()
    await moto.stop()
  })

  /** Runs commands of the page, with the AWS CLI pointed at moto. */
  const bash = async (script: string): Promise<string> => {
    const env = {
      ...process.env,
      ...awsEnvironment,
      // Version 1 of the AWS CLI requires it.
      AWS_DEFAULT_REGION: awsEnvironment.AWS_REGION,
      AWS_ENDPOINT_URL: moto.endpoint,
      BUCKET: 'artifacts',
      PATH: `${join(motoEnvironment, 'bin')}:${process.env['PATH']}`,
    }
    const args = ['-euo', 'pipefail', '-c', script]
    return (await promisify(execFile)('bash', args, { cwd: workspace.folder, env })).stdout
  }

  const aws = async (command: string): Promise<Json> => JSON.parse(await bash(`aws ${command} --output=json`))

  /** Runs the commands of the page, and returns the state of the account. */
  const deployed = async () => {
    await bash(packaging)
    await bash(deploying)
    const zip = await readFile(join(workspace.folder, '.serverless/flyte-webhook.zip'))
    const found = await aws('lambda get-function-configuration --function-name=flyte-webhook-production')
    const { Stacks } = await aws('cloudformation describe-stacks --stack-name=flyte-webhook-production')
    const { StackResourceSummaries } = await aws(
      'cloudformation list-stack-resources --stack-name=flyte-webhook-production',
    )
    const deployments = StackResourceSummaries.filter(
      ({ ResourceType }: Json) => ResourceType === 'AWS::ApiGateway::Deployment',
    )
    return {
      zip: createHash('sha256').update(zip).digest('base64'),
      code: found.CodeSha256,
      status: Stacks[0].StackStatus,
      key: Stacks[0].Parameters.find(({ ParameterKey }: Json) => ParameterKey === 'CodeKey').ParameterValue,
      deployments: deployments.map(({ LogicalResourceId }: Json) => LogicalResourceId),
    }
  }

  it('creates the stack, and updates code and API', async () => {
    const first = await deployed()
    expect(first.code).toBe(first.zip)
    expect(first.status).toBe('CREATE_COMPLETE')
    expect(first.deployments).toHaveLength(1)

    await writeFile(join(workspace.folder, 'webhook.yaml'), 'webhook: {secretManagerType: Vault}\n')
    const second = await deployed()
    expect(second.status).toBe('UPDATE_COMPLETE')
    expect(second.code).toBe(second.zip)
    expect(second.code).not.toBe(first.code)
    expect(second.key).not.toBe(first.key)
    expect(second.deployments).toEqual(first.deployments)

    await workspace.edit((text) => `${text}\nparams: {production: {allowedCidrs: [203.0.113.10/32]}}\n`)
    const third = await deployed()
    expect(third.code).toBe(second.code)
    expect(third.deployments).toHaveLength(1)
    expect(third.deployments).not.toEqual(second.deployments)
  })
})
