import type { StackParameters } from './parameters.ts'

/** The types of our resources that accept tags (CloudFormation's schemas, `tagging.taggable`). */
const taggable = new Set([
  'AWS::ApiGateway::DomainName',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Role',
  'AWS::Lambda::Function',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
])

/** Returns the property that gives a resource the operator's tags, sorted by key. Empty if its type accepts none. */
export const tagsFor = (type: string, tags: StackParameters['tags']): { readonly Tags?: unknown } =>
  taggable.has(type) && Object.keys(tags).length > 0
    ? {
        Tags: Object.entries(tags)
          .map(([Key, Value]) => ({ Key, Value }))
          .toSorted((one, other) => (one.Key < other.Key ? -1 : 1)),
      }
    : {}
