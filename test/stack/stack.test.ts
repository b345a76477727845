import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isMotoInstalled, motoEnvironment } from '../support/moto-environment.ts'
import { found, missed, points } from './points.ts'
import { fullConfig, type Variant, variants } from './variants.ts'
import { type Packaged, Workspace } from './workspace.ts'

if (!isMotoInstalled) {
  console.warn(
    `SKIPPED: cfn-lint of the packaged stacks, because it is not in ${motoEnvironment}: run \`npx node test/moto/install.ts\``,
  )
}

const names = Object.keys(variants) as Variant[]
const workspaces = new Map<Variant, Workspace>()
const stacks = new Map<Variant, Packaged>()

const inWorkspace = async (): Promise<Workspace> => {
  const workspace = await Workspace.create()
  await writeFile(join(workspace.folder, 'full.yaml'), fullConfig)
  return workspace
}

beforeAll(async () => {
  await Promise.all(
    names.map(async (variant) => {
      const workspace = await inWorkspace()
      workspaces.set(variant, workspace)
      stacks.set(variant, await workspace.package(variants[variant]))
    }),
  )
}, 60_000)
afterAll(() => Promise.all([...workspaces.values()].map((workspace) => workspace.remove())))

const stackOf = (variant: Variant): Packaged => {
  const stack = stacks.get(variant)
  if (stack === undefined) throw new Error(`${variant} was not packaged`)
  return stack
}

describe.each(names)('the stack %s', (variant) => {
  it.each(points[variant])('$point ($resource $property)', (point) => {
    expect(found(stackOf(variant), point)).toEqual(point.is)
  })

  it('has a deployment that waits for all methods and gateway responses, and a stage that shows it', () => {
    const { Resources } = stackOf(variant).template
    const idsOf = (type: string) => Object.keys(Resources).filter((id) => Resources[id]?.Type === type)
    const [deployment = ''] = idsOf('AWS::ApiGateway::Deployment')
    expect(Resources['ApiGatewayStage']?.Properties['DeploymentId']).toEqual({ Ref: deployment })
    expect(Resources[deployment]?.Properties).not.toHaveProperty('StageName')
    expect(Resources[deployment]?.DependsOn).toEqual([
      ...idsOf('AWS::ApiGateway::Method'),
      ...idsOf('AWS::ApiGateway::GatewayResponse'),
    ])
    expect(idsOf('AWS::ApiGateway::GatewayResponse')).toHaveLength(9)
  })

  it('says what it is, and keeps versions only where concurrency is provisioned for one', () => {
    const { Description, Resources } = stackOf(variant).template
    expect(Description).toBe("flyte-webhook gives the pods of Flyte's tasks their secrets")
    const versions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Version')
    expect(versions).toHaveLength(variant === 'full' ? 1 : 0)
  })

  it('grants * only to X-Ray, and only by its one role', () => {
    const { Resources } = stackOf(variant).template
    const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role')
    const statements = roles.flatMap(({ Properties }) => Properties['Policies'][0].PolicyDocument.Statement)
    const wide = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('"*"'))
    expect(roles).toHaveLength(1)
    expect(wide.flatMap(({ Action }) => Action)).toEqual(
      variant === 'full' ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] : [],
    )
  })

  it('has a dashboard of what pods ask for, what fails, how long it takes and how old secrets are', () => {
    const body = stackOf(variant).template.Resources['Dashboard']?.Properties['DashboardBody']
    const { widgets } = JSON.parse(body['Fn::Sub'])
    expect(widgets.map(({ properties }: { properties: { title: string } }) => properties.title)).toEqual([
      'Pods',
      'Refused and failed',
      'Time for a call (ms)',
      'Concurrency',
      'Age of the oldest secret served (s)',
      'Secrets served past their time to live',
    ])
    expect(widgets[0].properties.metrics[0]).toEqual([
      'flyte-webhook',
      'Admissions',
      'function',
      'flyte-webhook-dev',
      { stat: 'Sum' },
    ])
  })

  it.skipIf(!isMotoInstalled)('is clean to cfn-lint', { timeout: 60_000 }, () => {
    const lint = join(motoEnvironment, 'bin/cfn-lint')
    const said = execFileSync(lint, ['--non-zero-exit-code', 'none', '--', stackOf(variant).templateFile], {
      encoding: 'utf8',
    })
    expect(said.trim()).toBe('')
  })
})

describe('the outputs', () => {
  const base = 'https://${ApiGatewayRestApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/dev'
  const throughEndpoint = (id: string) => base.replace('}.execute', `}-${id}.execute`)
  const webhookUrl = (url: unknown) => ({ 'Fn::Join': ['', [url, '/{cluster}/{token}/mutate--v1-pod']] })
  const rows = [
    { variant: 'minimal', urls: [{ 'Fn::Sub': base }] },
    { variant: 'regional', urls: [{ 'Fn::Sub': base }] },
    {
      variant: 'private',
      urls: ['vpce-0123456789abcdef0', 'vpce-0fedcba9876543210'].map((id) => ({
        'Fn::Sub': throughEndpoint(id),
      })),
    },
    { variant: 'domain', urls: ['https://flyte-webhook.example.com'] },
    { variant: 'full', urls: ['https://flyte-webhook.example.com'] },
  ] as const
  it.each(rows)('of $variant say where it answers, without a token', ({ variant, urls }) => {
    const { Outputs } = stackOf(variant).template
    expect(Outputs['ServiceEndpoint']?.Value).toEqual(urls[0])
    expect(
      Object.entries(Outputs)
        .filter(([name]) => name.startsWith('WebhookUrl'))
        .map(([, { Value }]) => Value),
    ).toEqual(urls.map(webhookUrl))
  })

  it('of a domain say what its DNS record points to', () => {
    expect(stackOf('domain').template.Outputs).toMatchObject({
      DomainTarget: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] } },
      DomainHostedZoneId: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalHostedZoneId'] } },
    })
  })
})

describe('a line of serverless.yml that is taken out', () => {
  const lines = [
    { line: '  architecture: arm64', misses: 'arm64' },
    { line: '  memorySize: 512', misses: '512 MB' },
    {
      line: '    resourcePolicy: ${self:custom.settings.resourcePolicy, null}',
      misses: 'only from the named network',
    },
    { line: '    tracing: ${self:custom.settings.tracing, null}', misses: 'X-Ray on the function' },
    { line: '  - ${file(infra/resources/fragments.cjs):alarms}', misses: 'alarm Errors: metric' },
  ]
  it.each(lines)('is missed: $line', async ({ line, misses }) => {
    const workspace = await inWorkspace()
    await workspace.edit((text) => {
      expect(text).toContain(`\n${line}\n`)
      return text.replace(`\n${line}\n`, '\n')
    })
    const packaged = await workspace.package(variants.full)
    await workspace.remove()
    expect(missed(packaged, points.full)).toContain(misses)
  })
})

describe('packaging', () => {
  const refused = [
    {
      what: 'an unknown parameter',
      parameters: { alowedCidrs: '203.0.113.0/24' },
      says: 'parameter alowedCidrs is no parameter: allowedCidrs?',
    },
    {
      what: 'two wrong ones, both named',
      parameters: { exposure: 'edge', throttleRate: '0' },
      says: 'parameter exposure must be regional or private\nparameter throttleRate must be a whole number from 1',
    },
    {
      what: 'secrets behind an open endpoint',
      parameters: { config: 'full.yaml' },
      says: 'function.callers.publicEndpoint: the endpoint is open to the Internet',
    },
    {
      what: 'a digest that is none',
      parameters: { callerTokenSha256: 'production=abc' },
      says: 'parameter callerTokenSha256: entry 1 is not <cluster>=<SHA-256 in hex>',
    },
  ]
  it.each(refused)('refuses $what', async ({ parameters, says }) => {
    const workspace = await inWorkspace()
    const packaging = workspace.serverless('package', parameters)
    expect(await packaging.ended).toBe(1)
    expect(packaging.stdout() + packaging.stderr()).toContain(says)
    expect(packaging.stdout() + packaging.stderr()).not.toContain('    at ')
    await workspace.remove()
  })

  it('refuses a key of serverless.yml that osls does not know', async () => {
    const workspace = await inWorkspace()
    await workspace.edit((text) => text.replace('  memorySize: 512', '  memorySise: 512'))
    await expect(workspace.package()).rejects.toThrow("unrecognized property 'memorySise'")
    await workspace.remove()
  })

  it('takes parameters of serverless.yml, by stage', async () => {
    const workspace = await inWorkspace()
    await workspace.edit(
      (text) => `${text}\nparams:\n  dev:\n    allowedCidrs: [203.0.113.10/32]\n    throttleRate: 7\n`,
    )
    const { template } = await workspace.package()
    await workspace.remove()
    expect(template.Resources['ApiGatewayStage']?.Properties['MethodSettings'][0].ThrottlingRateLimit).toBe(7)
    expect(template.Resources['ApiGatewayRestApi']?.Properties['Policy'].Statement).toHaveLength(2)
  })
})
