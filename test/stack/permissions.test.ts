import { readFile, writeFile } from 'node:fs/promises'
import { join, matchesGlob } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { blocksOf } from '../support/markdown.ts'
import { fullConfig, variants } from './variants.ts'
import { type PackagedResource, Workspace } from './workspace.ts'

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}

const page = await readFile(join(projectRoot, 'docs/permissions.md'), 'utf8')
const [policy = '{}'] = blocksOf(page, 'To deploy', 'json')
const statements: readonly Statement[] = JSON.parse(policy).Statement
const [, table = ''] = page.split('\nSome parameters need more:\n')
/** The actions of the table, which a parameter adds to the policy. */
const added = [...table.matchAll(/`([a-z0-9]+:[A-Za-z*]+)`/g)].map(([, action = '']) => action)

const isAllowed = (action: string, actions: readonly string[]): boolean =>
  actions.some((one) => matchesGlob(action, one))

/** What CloudFormation calls to create and delete a resource of a kind, in the account of the operator. */
const needed: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::BasePathMapping': ['apigateway:POST', 'apigateway:DELETE'],
  'AWS::ApiGateway::Deployment': ['apigateway:POST', 'apigateway:DELETE'],
  'AWS::ApiGateway::DomainName': ['apigateway:POST', 'apigateway:DELETE', 'acm:DescribeCertificate'],
  'AWS::ApiGateway::GatewayResponse': ['apigateway:PUT', 'apigateway:DELETE'],
  'AWS::ApiGateway::Method': ['apigateway:PUT', 'apigateway:DELETE'],
  'AWS::ApiGateway::Resource': ['apigateway:POST', 'apigateway:DELETE'],
  'AWS::ApiGateway::RestApi': ['apigateway:POST', 'apigateway:DELETE', 'apigateway:UpdateRestApiPolicy'],
  'AWS::ApiGateway::Stage': ['apigateway:POST', 'apigateway:PATCH', 'logs:CreateLogDelivery'],
  'AWS::CloudWatch::Alarm': ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
  'AWS::CloudWatch::Dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:DeleteDashboards'],
  'AWS::IAM::Role': ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRole', 'iam:PassRole', 'iam:TagRole'],
  'AWS::Lambda::Alias': [
    'lambda:CreateAlias',
    'lambda:DeleteAlias',
    'lambda:PutProvisionedConcurrencyConfig',
  ],
  'AWS::Lambda::Function': ['lambda:CreateFunction', 'lambda:GetFunction', 'lambda:PutFunctionConcurrency'],
  'AWS::Lambda::Permission': ['lambda:AddPermission', 'lambda:GetPolicy', 'lambda:RemovePermission'],
  'AWS::Lambda::Version': ['lambda:PublishVersion'],
  'AWS::Logs::LogGroup': ['logs:CreateLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteLogGroup'],
  'AWS::S3::Bucket': ['s3:CreateBucket', 's3:PutBucketPublicAccessBlock', 's3:PutEncryptionConfiguration'],
  'AWS::S3::BucketPolicy': ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  'AWS::WAFv2::WebACLAssociation': [
    'wafv2:AssociateWebACL',
    'wafv2:DisassociateWebACL',
    'apigateway:SetWebACL',
  ],
}

/** The action that makes a resource whose name the template chooses, and that name as the end of its ARN. */
const named = [
  { action: 'lambda:CreateFunction', property: 'FunctionName', before: ':function:' },
  { action: 'logs:CreateLogGroup', property: 'LogGroupName', before: ':log-group:' },
  { action: 'cloudwatch:PutMetricAlarm', property: 'AlarmName', before: ':alarm:' },
  { action: 'cloudwatch:PutDashboard', property: 'DashboardName', before: ':dashboard/' },
]

let workspace: Workspace
const resources: PackagedResource[] = []
beforeAll(async () => {
  workspace = await Workspace.create()
  await writeFile(join(workspace.folder, 'full.yaml'), fullConfig)
  for (const variant of [variants.minimal, variants.full]) {
    const { template } = await workspace.package(variant, { options: ['--stage=production'] })
    resources.push(...Object.values(template.Resources))
  }
}, 60_000)
afterAll(() => workspace.remove())

describe('docs/permissions.md', () => {
  it('allows what each kind of resource of the stack needs', () => {
    const kinds = [...new Set(resources.map(({ Type }) => Type))].toSorted()
    expect(Object.keys(needed).toSorted()).toEqual(kinds)
    const actions = [...statements.flatMap(({ Action }) => Action), ...added]
    const missing = Object.values(needed).flat()
    expect(missing.filter((action) => !isAllowed(action, actions))).toEqual([])
  })

  it.each(named)('allows $action for the names of the stack', ({ action, property, before }) => {
    const allowed = statements
      .filter(({ Action }) => isAllowed(action, [Action].flat()))
      .flatMap(({ Resource }) => Resource)
    const names = resources.flatMap(({ Properties }) => {
      const name: unknown = Properties[property]
      return typeof name === 'string' ? [name] : []
    })
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) {
      const ends = allowed.map((arn) => arn.slice(arn.indexOf(before) + before.length).replaceAll('*', '.*'))
      expect(ends.some((end) => new RegExp(`^${end}$`).test(name))).toBe(true)
    }
  })

  it('fits into a managed policy', () => {
    expect(JSON.stringify(JSON.parse(policy)).length).toBeLessThanOrEqual(6144)
  })
})
