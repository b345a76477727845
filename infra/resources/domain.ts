import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/** Maps the operator's own domain to the stage, so that its URLs do not contain the stage. */
export const domain = ({ parameters: { exposure }, stage }: Stack): Fragment => {
  if (exposure.kind !== 'regional' || exposure.domain === undefined) return {}
  return {
    Resources: {
      Domain: {
        Type: 'AWS::ApiGateway::DomainName',
        Properties: {
          DomainName: exposure.domain.name,
          RegionalCertificateArn: exposure.domain.certificateArn,
          EndpointConfiguration: { Types: ['REGIONAL'] },
          SecurityPolicy: 'TLS_1_2',
        },
      },
      DomainMapping: {
        Type: 'AWS::ApiGateway::BasePathMapping',
        Properties: { DomainName: { Ref: 'Domain' }, RestApiId: { Ref: logicalId.api }, Stage: stage },
        DependsOn: [logicalId.stage],
      },
    },
  }
}
