import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { flyteWebhook } from '../support/command.ts'
import { awsEnvironment, Moto } from '../support/moto.ts'
import { isMotoInstalled } from '../support/moto-environment.ts'

const arn = 'arn:aws:secretsmanager:us-east-2:123456789012:secret'

describe.skipIf(!isMotoInstalled)('flyte-webhook preview --check', { timeout: 30_000 }, () => {
  let moto: Moto
  let folder: string
  beforeAll(async () => {
    ;[moto, folder] = await Promise.all([Moto.start(), mkdtemp(join(tmpdir(), 'existence-'))])
    await moto.call('CreateSecret', { Name: 'db', SecretString: '{"password": "hunter2"}' })
    await moto.call('CreateSecret', { Name: 'gone', SecretString: 'hunter2' })
    await moto.call('DeleteSecret', { SecretId: 'gone' })
    await moto.call('CreateSecret', { Name: 'far', SecretString: 'hunter2' }, 'us-east-2')
    await writeFile(
      join(folder, 'pod.yaml'),
      'kind: Pod\nspec: {containers: [{name: main, image: i}]}\nmetadata: {name: task}\n',
    )
  })
  afterAll(async () => {
    await moto.stop()
    await rm(folder, { recursive: true })
  })

  beforeEach(() => {
    for (const [name, value] of Object.entries(awsEnvironment)) vi.stubEnv(name, value)
  })
  afterEach(() => void vi.unstubAllEnvs())

  const check = async (request: string, fetcher: string) => {
    const config = join(folder, 'webhook.yaml')
    const aws = { fetcher, endpoint: moto.endpoint }
    await writeFile(config, JSON.stringify({ webhook: { secretManagerType: 'AWS' }, function: { aws } }))
    const args = ['--config', config, '--secret', request, '--check']
    const run = await flyteWebhook(['preview', join(folder, 'pod.yaml'), ...args])
    expect(run.stdout + run.stderr).not.toContain('hunter2')
    const [, said = run.stderr] = /\n {2}AWS: (.*?): file /.exec(run.stdout) ?? []
    return { status: run.status, said }
  }

  it.each([
    { request: 'db/password:FILE', fetcher: 'cli', status: 0, said: 'will inject (it exists)' },
    {
      request: 'other/password:FILE',
      fetcher: 'cli',
      status: 3,
      said: 'will inject (missing: Secrets Manager has no secret other)',
    },
    {
      request: 'gone/#a:FILE',
      fetcher: 'cli',
      status: 3,
      said: 'will inject (missing: gone is scheduled for deletion in Secrets Manager)',
    },
    {
      request: `${arn}/far:FILE`,
      fetcher: 'sidecar',
      status: 0,
      said: 'will inject (it exists)',
    },
    {
      request: `${arn}/db:FILE`,
      fetcher: 'sidecar',
      status: 3,
      said: `will inject (missing: Secrets Manager has no secret ${arn}:db)`,
    },
  ])('reports for $request with the fetcher $fetcher: $said', async ({ request, fetcher, status, said }) => {
    expect(await check(request, fetcher)).toEqual({ status, said })
  })

  it.each([
    { unset: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], why: 'no AWS credentials found' },
    { unset: ['AWS_REGION'], why: 'the region is unknown: set AWS_REGION or function.aws.region' },
  ])('does not guess without $unset', async ({ unset, why }) => {
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/dev/null')
    for (const name of unset) vi.stubEnv(name, undefined)
    expect(await check('db/password:FILE', 'cli')).toEqual({
      status: 1,
      said: `will inject (existence unknown: ${why})`,
    })
  })
})
