import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagesFolder } from '../docs/manager-pages.ts'
import { blocksOf } from '../support/markdown.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'
import { TerminalSession } from '../support/terminal-session.ts'

const page = await readFile(join(pagesFolder, 'aws.md'), 'utf8')
const [policy = ''] = blocksOf(page, 'Permissions', 'json')
const [commands = ''] = blocksOf(page, 'Permissions', 'sh')

/** moto has no associations, so the AWS CLI only checks the options of this command, and prints them as its answer. */
const cli = `aws() {
  case $1 in
    eks) command aws "$@" --generate-cli-skeleton output > /dev/null && echo "$@" ;;
    *) command aws "$@" ;;
  esac
}`

describe.skipIf(!isMotoInstalled)('the role of docs/managers/aws.md', { timeout: 60_000 }, () => {
  let moto: Moto
  let folder: string
  let terminal: TerminalSession
  beforeAll(async () => {
    ;[moto, folder] = await Promise.all([Moto.start(), mkdtemp(join(tmpdir(), 'pod-identity-'))])
    const PATH = `${join(motoEnvironment, 'bin')}:${process.env['PATH']}`
    terminal = new TerminalSession(folder, {
      ...process.env,
      ...awsEnvironment,
      AWS_DEFAULT_REGION: awsEnvironment.AWS_REGION,
      AWS_ENDPOINT_URL: moto.endpoint,
      PATH,
    })
    await writeFile(join(folder, 'policy.json'), policy)
  })
  afterAll(async () => {
    await terminal.end()
    await moto.stop()
    await rm(folder, { recursive: true })
  })

  const asked = async (command: string): Promise<unknown> =>
    JSON.parse(await terminal.paste(`aws iam ${command} --role-name flyte-tasks --output json`))

  it('has the policy, is for EKS Pod Identity, and is associated with the ServiceAccount', async () => {
    const printed = await terminal.paste(`${cli}\n${commands}`)
    expect(printed).toMatch(/--service-account default --role-arn arn:aws:iam::\d{12}:role\/flyte-tasks\n$/)
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    }
    expect(await asked('get-role')).toMatchObject({
      Role: { AssumeRolePolicyDocument: { Statement: [trust] } },
    })
    expect(await asked('get-role-policy --policy-name flyte-secrets')).toMatchObject({
      PolicyDocument: JSON.parse(policy),
    })
  })
})
