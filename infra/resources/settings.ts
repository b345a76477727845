import type { Stack } from './fragment.ts'
import type { Exposure, StackParameters, Vpc } from './parameters.ts'

/** The keys of serverless.yml that parameters set. null omits a key. */
export interface Settings extends Endpoint {
  readonly logRetentionInDays: number | null
  readonly tracing: 'Active' | null
  readonly reservedConcurrency: number | null
  readonly provisionedConcurrency: number | null
  readonly vpc: Vpc | null
  readonly deploymentBucket: string | null
  readonly tags: StackParameters['tags'] | null
}

interface Endpoint {
  readonly endpointType: 'REGIONAL' | 'PRIVATE'
  readonly vpcEndpointIds: readonly string[] | null
  readonly resourcePolicy: readonly Statement[]
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal: '*'
  readonly Action: 'execute-api:Invoke'
  readonly Resource: 'execute-api:/*'
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** Returns the settings of a stack. A stack with problems, which is never packaged, gets the defaults. */
export const settings = (stack: Stack | undefined): Settings => {
  const parameters = stack?.parameters
  return {
    ...endpointOf(parameters?.exposure ?? { kind: 'regional' }),
    logRetentionInDays: parameters?.logRetentionDays ?? null,
    tracing: parameters?.tracing === true ? 'Active' : null,
    reservedConcurrency: parameters?.reservedConcurrency ?? null,
    provisionedConcurrency: parameters?.provisionedConcurrency ?? null,
    vpc: parameters?.vpc ?? null,
    deploymentBucket: parameters?.deploymentBucket ?? null,
    tags: parameters?.tags ?? null,
  }
}

/**
 * Returns the endpoint of an exposure. Its policy follows API Gateway's documentation ("API Gateway resource policy
 * examples"): it allows everybody, and denies everybody except the listed callers. No other permission overrides a denial.
 */
const endpointOf = (exposure: Exposure): Endpoint => {
  switch (exposure.kind) {
    case 'private':
      return {
        endpointType: 'PRIVATE',
        vpcEndpointIds: exposure.vpcEndpointIds,
        resourcePolicy: onlyFor({ StringNotEquals: { 'aws:SourceVpce': exposure.vpcEndpointIds } }),
      }
    case 'regional':
      return {
        endpointType: 'REGIONAL',
        vpcEndpointIds: null,
        resourcePolicy:
          exposure.allowedCidrs === undefined
            ? [forEverybody]
            : onlyFor({ NotIpAddress: { 'aws:SourceIp': exposure.allowedCidrs } }),
      }
  }
}

const invoke = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' } as const

/** Also the whole policy of an open endpoint: without a policy, osls writes an empty text, which the AWS CDK refuses. */
const forEverybody: Statement = { Effect: 'Allow', ...invoke }

const onlyFor = (others: NonNullable<Statement['Condition']>): readonly Statement[] => [
  forEverybody,
  { Effect: 'Deny', ...invoke, Condition: others },
]
