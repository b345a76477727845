import type { Config } from '../../lib/config/config.ts'
import type { StackParameters } from './parameters.ts'

/** What a stack is made of: the operator's choices, the function's configuration, and the names of serverless.yml. */
export interface Stack {
  readonly parameters: StackParameters
  readonly config: Config
  /** `<service>-<stage>`: the function's name, and what the names of everything else begin with. */
  readonly name: string
  /** API Gateway's stage, the first segment of the path unless a domain is mapped to it. */
  readonly stage: string
  /** Of the function, in seconds. */
  readonly timeoutSeconds: number
}

/** A resource of CloudFormation. */
export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DependsOn?: readonly string[]
}

/** A part of the template, as `resources` of serverless.yml takes it. */
export interface Fragment {
  readonly Resources?: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>
}

/** Names that osls gives to what it makes (`lib/plugins/aws/lib/naming.js`). */
export const logicalId = {
  api: 'ApiGatewayRestApi',
  function: 'MutateLambdaFunction',
  functionLogGroup: 'MutateLogGroup',
  /** Ours: the name by which serverless.yml knows the role. */
  role: 'MutateRole',
  stage: 'ApiGatewayStage',
} as const
