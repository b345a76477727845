import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/** A domain of the operator's, mapped to the stage at its root: its URLs are without the stage. */
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
