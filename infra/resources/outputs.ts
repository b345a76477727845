import type { Exposure } from './parameters.ts'
import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/** Returns what an operator needs after the deployment: the URLs, without a token, and where to look. */
export const outputs = ({ parameters: { exposure }, name, stage }: Stack): Fragment => {
  const [first, ...more] = baseUrls(exposure, stage)
  return {
    Outputs: {
      WebhookUrl: webhookUrl(first),
      ...Object.fromEntries(more.map((base, index) => [`WebhookUrl${index + 2}`, webhookUrl(base)])),
      AccessLogGroup: { Description: 'Log group of the calls', Value: { Ref: 'AccessLogGroup' } },
      FunctionLogGroup: {
        Description: 'Log group of the function',
        Value: { Ref: logicalId.functionLogGroup },
      },
      Dashboard: { Description: "Dashboard in CloudWatch's console", Value: name },
      ...dnsTarget(exposure),
    },
  }
}

/** An address of the API, without a slash at the end. */
interface BaseUrl {
  readonly url: unknown
  readonly from: string
}

/** Returns the addresses of an exposure. The first one is written into `ServiceEndpoint`, osls' own output. */
export const baseUrls = (exposure: Exposure, stage: string): readonly [BaseUrl, ...BaseUrl[]] => {
  const executeApi = (host: string) => ({
    'Fn::Sub': `https://${host}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`,
  })
  if (exposure.kind === 'private') {
    // This name works with and without private DNS of the VPC endpoint.
    const ofEndpoint = (id: string): BaseUrl => ({
      url: executeApi(`\${${logicalId.api}}-${id}`),
      from: `through ${id}`,
    })
    const [first, ...more] = exposure.vpcEndpointIds
    return [ofEndpoint(first), ...more.map(ofEndpoint)]
  }
  if (exposure.domain !== undefined)
    return [{ url: `https://${exposure.domain.name}`, from: 'at its domain' }]
  return [{ url: executeApi(`\${${logicalId.api}}`), from: 'from the Internet' }]
}

const webhookUrl = ({ url, from }: BaseUrl) => ({
  Description: `URL to register ${from}, with the cluster's name and its token`,
  Value: { 'Fn::Join': ['', [url, '/{cluster}/{token}/mutate--v1-pod']] },
})

/** Returns what the operator's own DNS must point to. */
const dnsTarget = (exposure: Exposure): NonNullable<Fragment['Outputs']> =>
  exposure.kind === 'regional' && exposure.domain !== undefined
    ? {
        DomainTarget: {
          Description: `CNAME or alias of ${exposure.domain.name}`,
          Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] },
        },
        DomainHostedZoneId: {
          Description: 'Hosted zone of DomainTarget, for an alias record of Route 53',
          Value: { 'Fn::GetAtt': ['Domain', 'RegionalHostedZoneId'] },
        },
      }
    : {}
