import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { blocksOf } from '../support/markdown.ts'
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

interface Refused {
  readonly parameters: Readonly<Record<string, string>>
  readonly options?: readonly string[]
  readonly says: string
}

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

interface Widget {
  readonly properties: { readonly title: string; readonly metrics: readonly (readonly unknown[])[] }
}

const stackOf = (variant: Variant): Packaged => {
  const stack = stacks.get(variant)
  if (stack === undefined) throw new Error(`${variant} was not packaged`)
  return stack
}

describe.each(names)('the stack %s', (variant) => {
  it.each(points[variant])('$point ($resource $property)', (point) => {
    expect(found(stackOf(variant), point)).toEqual(point.is)
  })

  it('has a deployment that waits for all methods and gateway responses, and a stage that serves it', () => {
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

  it('has a description, and keeps versions only for provisioned concurrency', () => {
    const { Description, Resources } = stackOf(variant).template
    expect(Description).toBe("flyte-webhook gives the pods of Flyte's tasks their secrets")
    const versions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Version')
    expect(versions).toHaveLength(variant === 'full' ? 1 : 0)
  })

  it('grants * only for X-Ray and for Lambda in a VPC, and only in its one role', () => {
    const { Resources } = stackOf(variant).template
    const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role')
    const statements = roles.flatMap(({ Properties }) => Properties['Policies'][0].PolicyDocument.Statement)
    const granted = statements.filter(({ Effect }) => Effect === 'Allow')
    const wide = granted.filter(({ Resource }) => /\*(?!")|"\*"/.test(JSON.stringify(Resource)))
    expect(roles).toHaveLength(1)
    expect(wide.flatMap(({ Action }) => Action)).toEqual(
      variant === 'full'
        ? [
            'xray:PutTraceSegments',
            'xray:PutTelemetryRecords',
            'ec2:CreateNetworkInterface',
            'ec2:DeleteNetworkInterface',
            'ec2:AssignPrivateIpAddresses',
            'ec2:UnassignPrivateIpAddresses',
            'ec2:DescribeNetworkInterfaces',
            'ec2:DescribeSubnets',
          ]
        : [],
    )
  })

  it('has a dashboard of requests, failures, times and the age of secrets', () => {
    const body = stackOf(variant).template.Resources['Dashboard']?.Properties['DashboardBody']
    const widgets: readonly Widget[] = JSON.parse(body['Fn::Sub']).widgets
    const lines = widgets.map(({ properties }) => [
      properties.title,
      ...properties.metrics.map((metric) =>
        [...metric.slice(0, -1), ...Object.values(metric.at(-1) ?? {})].join(' '),
      ),
    ])
    expect(lines).toEqual([
      [
        'Pods',
        'flyte-webhook Admissions function flyte-webhook-dev Sum',
        'flyte-webhook Denials function flyte-webhook-dev Sum',
        'flyte-webhook InjectedSecrets function flyte-webhook-dev Sum',
      ],
      [
        'Refused and failed',
        'flyte-webhook RefusedCallers function flyte-webhook-dev Sum',
        'AWS/ApiGateway 4XXError ApiName flyte-webhook-dev Stage dev Sum',
        'AWS/ApiGateway 5XXError ApiName flyte-webhook-dev Stage dev Sum',
        'AWS/Lambda Errors FunctionName flyte-webhook-dev Sum',
        'AWS/Lambda Throttles FunctionName flyte-webhook-dev Sum',
      ],
      [
        'Time for a call (ms)',
        'AWS/Lambda Duration FunctionName flyte-webhook-dev p50 function p50',
        'AWS/Lambda Duration FunctionName flyte-webhook-dev p99 function p99',
        'AWS/ApiGateway Latency ApiName flyte-webhook-dev Stage dev p99 gateway p99',
      ],
      ['Concurrency', 'AWS/Lambda ConcurrentExecutions FunctionName flyte-webhook-dev Maximum'],
      [
        'Age of the oldest secret served (s)',
        'flyte-webhook OldestSecretAge function flyte-webhook-dev Maximum',
      ],
      ['Secrets served past their time to live', 'flyte-webhook StaleServed function flyte-webhook-dev Sum'],
    ])
  })

  it('is the same for other tools, without the bucket and outputs of osls, and with its code as parameters', () => {
    const { template, portable, zip } = stackOf(variant)
    const { ServerlessDeploymentBucket, ServerlessDeploymentBucketPolicy, ...resources } = template.Resources
    const code = { S3Bucket: { Ref: 'CodeBucket' }, S3Key: { Ref: 'CodeKey' } }
    const digest = createHash('sha256').update(readFileSync(zip)).digest('hex')
    expect(portable.Resources).toEqual({
      ...resources,
      MutateLambdaFunction: {
        ...resources['MutateLambdaFunction'],
        Properties: { ...resources['MutateLambdaFunction']?.Properties, Code: code },
      },
    })
    expect(portable.Parameters).toMatchObject({
      CodeBucket: { Type: 'String' },
      CodeKey: { Type: 'String', Default: `flyte-webhook/${digest}.zip` },
    })
    expect(portable.Parameters?.['CodeBucket'].Default).toBe(
      variant === 'full' ? 'platform-artifacts' : undefined,
    )
    const osls = ['ServerlessDeploymentBucketName', 'ServiceEndpoint', 'MutateLambdaFunctionQualifiedArn']
    expect(Object.keys(portable.Outputs)).toEqual(
      Object.keys(template.Outputs).filter((name) => !osls.includes(name)),
    )
  })

  // CloudFormation's quota; a larger template must be uploaded to a bucket first.
  it('is small enough to be sent with the deployment’s call', () => {
    expect(statSync(stackOf(variant).portableFile).size).toBeLessThan(51_200)
  })

  it.skipIf(!isMotoInstalled)('passes cfn-lint, for osls and for other tools', { timeout: 60_000 }, () => {
    const lint = join(motoEnvironment, 'bin/cfn-lint')
    const { templateFile, portableFile } = stackOf(variant)
    const said = execFileSync(lint, ['--non-zero-exit-code', 'none', '--', templateFile, portableFile], {
      encoding: 'utf8',
    })
    expect(said.trim()).toBe('')
  })

  it.skipIf(!isMotoInstalled)(
    'tags every resource that accepts tags, if tags are set',
    { timeout: 60_000 },
    () => {
      const { Resources } = stackOf(variant).template
      const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))]
      const taggable: readonly string[] = JSON.parse(
        execFileSync(join(motoEnvironment, 'bin/python'), ['-c', taggableOf, ...types], { encoding: 'utf8' }),
      )
      const tagged = Object.values(Resources).filter(({ Properties }) => 'Tags' in Properties)
      expect([...new Set(tagged.map(({ Type }) => Type))].toSorted()).toEqual(
        variant === 'full' ? taggable.toSorted() : [],
      )
    },
  )
})

/** Prints the types among its arguments that accept tags, by CloudFormation's own schemas in cfn-lint. */
const taggableOf = `
import json, sys
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
schema = lambda type: PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type).schema
print(json.dumps([type for type in sys.argv[1:] if schema(type)["tagging"]["taggable"]]))
`

describe('the recipe for Terraform', () => {
  const page = readFileSync(join(projectRoot, 'docs/deploy-with-other-tools.md'), 'utf8')
  const [recipe = ''] = blocksOf(page, 'Terraform and OpenTofu', 'hcl')
  const named = (pattern: RegExp): readonly (string | undefined)[] =>
    [...recipe.matchAll(pattern)].map(([, name]) => name)

  it('names the parameters, outputs and files of a package', () => {
    const { portable, portableFile, zip } = stackOf('minimal')
    expect(named(/[{,] (\w+) = aws_s3_object/g)).toEqual(Object.keys(portable.Parameters ?? {}))
    expect(named(/Parameters\.(\w+)\.Default/g)).toEqual(['CodeKey'])
    expect(Object.keys(portable.Outputs)).toEqual(expect.arrayContaining([...named(/outputs\["(\w+)"\]/g)]))
    expect(named(/local\.package}\/([\w.-]+)/g)).toEqual([basename(portableFile), basename(zip)])
  })
})

describe('the deployment of the API', () => {
  const deploymentOf = (variant: Variant) => {
    const { Resources } = stackOf(variant).portable
    return Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::ApiGateway::Deployment')
  }

  it('has the same name for the same API in different stacks', () => {
    expect(deploymentOf('domain')).toEqual(deploymentOf('minimal'))
  })

  it.each(['regional', 'private', 'full'] as const)('has another name for the API of %s', (variant) => {
    expect(deploymentOf(variant)).not.toEqual(deploymentOf('minimal'))
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
  it.each(rows)('of $variant name its URL, without a token', ({ variant, urls }) => {
    const { Outputs } = stackOf(variant).template
    expect(Outputs['ServiceEndpoint']?.Value).toEqual(urls[0])
    expect(
      Object.entries(Outputs)
        .filter(([name]) => name.startsWith('WebhookUrl'))
        .map(([, { Value }]) => Value),
    ).toEqual(urls.map(webhookUrl))
  })

  it('of a domain name the target of its DNS record', () => {
    expect(stackOf('domain').template.Outputs).toMatchObject({
      DomainTarget: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] } },
      DomainHostedZoneId: { Value: { 'Fn::GetAtt': ['Domain', 'RegionalHostedZoneId'] } },
    })
  })
})

describe('a missing line of serverless.yml', () => {
  const lines = [
    { line: '  architecture: arm64', misses: 'arm64' },
    { line: '  memorySize: 512', misses: '512 MB' },
    {
      line: '    resourcePolicy: ${self:custom.settings.resourcePolicy}',
      misses: 'only from the named network',
    },
    {
      line: '    name: ${self:custom.settings.deploymentBucket, null}',
      misses: "the operator's bucket holds the code",
    },
    { line: '    vpc: ${self:custom.settings.vpc, null}', misses: 'a VPC for the function' },
    { line: '    tracing: ${self:custom.settings.tracing, null}', misses: 'X-Ray on the function' },
    { line: '  - ${file(infra/resources/fragments.cjs):alarms}', misses: 'alarm Errors' },
  ]
  it.each(lines)('is noticed: $line', async ({ line, misses }) => {
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
      what: 'a name over the limit of Lambda',
      parameters: {},
      options: [`--stage=${'s'.repeat(60)}`],
      says: "parameter stage makes the function's name 74 characters long: Lambda allows 64",
    },
    {
      what: 'a certificate of another region',
      parameters: { ...variants.domain },
      options: ['--region=eu-west-1'],
      says: 'parameter certificateArn is in the region us-east-1, but the stack is in eu-west-1',
    },
    {
      what: 'a key of another region',
      parameters: { logKmsKeyArn: variants.full.logKmsKeyArn },
      options: ['--region=eu-west-1'],
      says: 'parameter logKmsKeyArn is in the region us-east-1, but the stack is in eu-west-1',
    },
    {
      what: 'an empty list',
      parameters: { allowedCidrs: ',' },
      says: 'parameter allowedCidrs must name at least one',
    },
    {
      what: 'an open endpoint with the callers network-restricted, even with a web ACL',
      parameters: { config: 'anonymous.yaml', webAclArn: variants.full.webAclArn },
      says: 'function.callers.anonymous: network-restricted accepts any token, but the endpoint is open',
    },
    {
      what: 'an unknown parameter',
      parameters: { alowedCidrs: '203.0.113.0/24' },
      says: 'parameter alowedCidrs is not a parameter: allowedCidrs?',
    },
    {
      what: 'two invalid parameters, and names both',
      parameters: { exposure: 'edge', throttleRate: '0' },
      says: 'parameter exposure must be regional or private\nparameter throttleRate must be a whole number from 1',
    },
    {
      what: 'secrets behind an open endpoint',
      parameters: { config: 'full.yaml' },
      says: 'function.callers.publicEndpoint: the endpoint is open to the Internet',
    },
    {
      what: 'a time-out below the function’s',
      parameters: { config: 'impatient.yaml' },
      says: 'impatient.yaml:1: function.registration.timeoutSeconds: must be 10 or more, not 2: the function can take 8 seconds',
    },
    {
      what: 'an invalid digest',
      parameters: { callerTokenSha256: 'production=abc' },
      says: 'parameter callerTokenSha256: entry 1 is not <cluster>=<SHA-256 in hex>',
    },
  ]
  it.each(refused)('refuses $what', async ({ parameters, options, says }: Refused) => {
    const workspace = await inWorkspace()
    await writeFile(
      join(workspace.folder, 'anonymous.yaml'),
      'function: {callers: {anonymous: network-restricted}}',
    )
    await writeFile(join(workspace.folder, 'impatient.yaml'), 'function: {registration: {timeoutSeconds: 2}}')
    const packaging = workspace.serverless('package', parameters, { options })
    expect(await packaging.ended).toBe(1)
    expect(packaging.stdout() + packaging.stderr()).toContain(says)
    expect(packaging.stdout() + packaging.stderr()).not.toContain('    at ')
    await workspace.remove()
  })

  it('refuses a parameter of serverless.yml without a value', async () => {
    const workspace = await inWorkspace()
    await workspace.edit((text) => `${text}\nparams: {dev: {allowedCidrs: }, production: {throttlRate: 7}}\n`)
    const packaging = workspace.package()
    await expect(packaging).rejects.toThrow('parameter allowedCidrs must name at least one')
    await expect(packaging).rejects.toThrow('parameter throttlRate is not a parameter: throttleRate?')
    await workspace.remove()
  })

  it.each(['deploy', 'remove'])('does not %s without a given region', async (command) => {
    const workspace = await inWorkspace()
    const running = workspace.serverless(command, {})
    expect(await running.ended).toBe(1)
    expect(running.stdout() + running.stderr()).toContain(
      'the region is missing: export AWS_REGION, or add --region',
    )
    await workspace.remove()
  })

  const reaches = [
    { variant: 'minimal', says: 'Everybody can reach the endpoint: only the token keeps strangers out.' },
    { variant: 'regional', says: 'Only 203.0.113.10/32, 198.51.100.0/24 can reach the endpoint.' },
    {
      variant: 'private',
      says: 'Only vpce-0123456789abcdef0, vpce-0fedcba9876543210 can reach the endpoint.',
    },
  ] as const
  it.each(reaches)('prints who can reach the endpoint: $variant', ({ variant, says }) => {
    expect(stackOf(variant).said).toContain(says)
  })

  it('refuses a function that may take longer than the API server waits', async () => {
    const workspace = await inWorkspace()
    await workspace.edit((text) => text.replace('  timeout: 8', '  timeout: 14'))
    await expect(workspace.package()).rejects.toThrow(
      'function.registration.timeoutSeconds: must be 16 or more, not 15: the function can take 14 seconds',
    )
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
