import { logicalId, type Resource } from './fragment.ts'
import { baseUrls } from './outputs.ts'
import type { StackParameters } from './parameters.ts'
import { tagsFor } from './tags.ts'
import { sha256Hex } from '../../lib/digest.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The parts of a template that are finished here. */
export interface Template {
  readonly Resources: Record<
    string,
    Mutable<Omit<Resource, 'DependsOn'>> & { DependsOn?: string | readonly string[] }
  >
  readonly Outputs: Record<string, { Value: unknown; readonly Export?: unknown }>
}

/**
 * Finishes what depends on the whole template. osls gives the API's deployment a new name each time, and lets it create the
 * stage. Here the stage is a resource that refers to the deployment, which is named for its content. A deployment is a
 * snapshot of the API, so it also waits for the gateway responses. osls' own output `ServiceEndpoint` is replaced, because it
 * is correct for one exposure only.
 */
export const finishTemplate = (
  template: Template,
  { exposure, logKmsKeyArn, tags }: StackParameters,
  stageName: string,
): void => {
  const { Resources, Outputs } = template
  const [deploymentId = '', ...others] = idsOf(template, 'AWS::ApiGateway::Deployment')
  const { [deploymentId]: deployment, [logicalId.stage]: stage } = Resources
  if (
    deployment === undefined ||
    stage === undefined ||
    others.length > 0 ||
    Outputs['ServiceEndpoint'] === undefined
  )
    throw new Error(
      'osls created an unexpected template: expected one deployment, our stage, and ServiceEndpoint',
    )
  const { StageName: _, ...withoutStage } = deployment.Properties
  const contentId = `ApiGatewayDeployment${digestOfApi(template)}`
  delete Resources[deploymentId]
  Resources[contentId] = {
    ...deployment,
    Properties: withoutStage,
    DependsOn: [...dependencies(deployment), ...idsOf(template, 'AWS::ApiGateway::GatewayResponse')],
  }
  stage.Properties = { ...stage.Properties, DeploymentId: { Ref: contentId } }
  Outputs['ServiceEndpoint'].Value = baseUrls(exposure, stageName)[0].url
  for (const resource of Object.values(Resources)) {
    dropImpliedDependencies(resource)
    resource.Properties = {
      ...resource.Properties,
      ...(resource.Type === 'AWS::Logs::LogGroup' && logKmsKeyArn !== undefined
        ? { KmsKeyId: logKmsKeyArn }
        : {}),
      ...tagsFor(resource.Type, tags),
    }
  }
}

type Unfinished = Template['Resources'][string]

const idsOf = ({ Resources }: Template, type: string): readonly string[] =>
  Object.entries(Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id]) => id)

/** The resources in a deployment's snapshot (API Gateway, "Updates to a REST API that require redeployment"). */
const pictured = new Set([
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
])

/** CloudFormation never updates a deployment: only another logical id takes a new snapshot. */
const digestOfApi = ({ Resources }: Template): string => {
  const api = Object.entries(Resources)
    .filter(([, { Type }]) => pictured.has(Type))
    .map(([id, { Properties }]) => [id, Properties])
  return sha256Hex(JSON.stringify(api)).slice(0, 32)
}

const dependencies = ({ DependsOn = [] }: Unfinished): readonly string[] => [DependsOn].flat()

/** Drops the dependencies that a reference implies: osls writes them, and cfn-lint warns about them. */
const dropImpliedDependencies = (resource: Unfinished): void => {
  if (resource.DependsOn === undefined) return
  const properties = JSON.stringify(resource.Properties)
  const needed = dependencies(resource).filter(
    (id) => !properties.includes(`{"Ref":"${id}"}`) && !properties.includes(`{"Fn::GetAtt":["${id}",`),
  )
  if (needed.length > 0) resource.DependsOn = needed
  else delete resource.DependsOn
}
