import type { Config } from '../../lib/config/config.ts'
import type { StackParameters } from './parameters.ts'

/** The inputs of a stack: the operator's choices, the function's configuration, and the names of serverless.yml. */
export interface Stack {
  readonly parameters: StackParameters
  readonly config: Config
  /** `<service>-<stage>`: the function's name, and the prefix of all other names. */
  readonly name: string
  /** API Gateway's stage, the first segment of the path unless a domain is mapped to it. */
  readonly stage: string
  /** The function's time-out. */
  readonly timeoutSeconds: number
}

/** A resource of CloudFormation. */
export interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
  readonly DependsOn?: readonly string[]
}

/** A part of the template, in the form of `resources` in serverless.yml. */
export interface Fragment {
  readonly Resources?: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>
}

/** The names that osls gives to its resources (`lib/plugins/aws/lib/naming.js`). */
export const logicalId = {
  api: 'ApiGatewayRestApi',
  function: 'MutateLambdaFunction',
  functionLogGroup: 'MutateLogGroup',
  /** Our own: serverless.yml refers to the role by this name. */
  role: 'MutateRole',
  stage: 'ApiGatewayStage',
} as const
