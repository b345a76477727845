import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { Workspace } from '../stack/workspace.ts'
import { blocksOf } from '../support/markdown.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'

const page = await readFile(join(projectRoot, 'docs/permissions.md'), 'utf8')
const [policy = '{}'] = blocksOf(page, 'To deploy', 'json')
const statements: readonly { readonly Action: string | readonly string[] }[] = JSON.parse(policy).Statement
const actions = statements.flatMap(({ Action }) => Action)

/**
 * What moto calls otherwise: AWS allows these by `s3:ListBucket`, `s3:GetObject` and `apigateway:GET`, `POST`, …. osls understands
 * a refused question for an image repository from AWS only.
 */
const namesOfMoto = ['s3:HeadBucket', 's3:HeadObject', 'apigateway:*', 'ecr:DescribeRepositories']

describe.skipIf(!isMotoInstalled)('the policy to deploy', { timeout: 120_000 }, () => {
  let moto: Moto
  let workspace: Workspace
  beforeEach(async () => {
    moto = await Moto.start()
    workspace = await Workspace.create()
  })
  afterEach(async () => {
    await workspace.remove()
    await moto.stop()
  })

  /** The keys of a user who can call these actions alone, on any resource: moto does not know which one a call is for. */
  const userWith = async (Action: readonly string[]): Promise<Record<string, string>> => {
    const Statement = [{ Effect: 'Allow', Action: [...Action, ...namesOfMoto], Resource: '*' }]
    const env = { ...process.env, ...awsEnvironment, AWS_ENDPOINT_URL: moto.endpoint }
    const iam = async (command: string, ...options: readonly string[]): Promise<string> => {
      const args = ['iam', command, '--user-name=deployer', '--region=eu-west-1', '--output=json', ...options]
      return (await promisify(execFile)(join(motoEnvironment, 'bin/aws'), args, { env })).stdout
    }
    const document = JSON.stringify({ Version: '2012-10-17', Statement })
    await iam('create-user')
    await iam('put-user-policy', '--policy-name=deploy', `--policy-document=${document}`)
    const { AccessKey } = JSON.parse(await iam('create-access-key'))
    // From here on moto checks every call.
    await fetch(`${moto.endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' })
    return {
      ...awsEnvironment,
      AWS_ENDPOINT_URL: moto.endpoint,
      AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey,
    }
  }

  const statusOf = (command: string, environment: Readonly<Record<string, string>>): Promise<unknown> =>
    workspace.serverless(command, {}, { environment, options: ['--stage=production'] }).ended

  it('has the actions that osls calls to deploy, deploy again and remove', async () => {
    const user = await userWith(actions)
    for (const command of ['deploy', 'deploy', 'remove']) expect(await statusOf(command, user)).toBe(0)
  })

  it.each(['s3:PutObject', 'cloudformation:CreateChangeSet'])('needs %s', async (action) => {
    const user = await userWith(actions.filter((one) => one !== action))
    expect(await statusOf('deploy', user)).toBe(1)
  })
})
