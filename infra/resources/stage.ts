import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/**
 * Returns the stage, with its access log and throttling. osls would create a bare one, and set log and tracing by calls after
 * the deployment. `finishTemplate` ties this one to the deployment. Execution log, data trace and X-Ray are off: they contain
 * the URL, and so the token (specification §7).
 */
export const stage = ({
  parameters: { throttle, logRetentionDays },
  name,
  stage: stageName,
}: Stack): Fragment => ({
  Resources: {
    AccessLogGroup: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: `/aws/apigateway/${name}`, RetentionInDays: logRetentionDays },
    },
    [logicalId.stage]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: {
        RestApiId: { Ref: logicalId.api },
        StageName: stageName,
        AccessLogSetting: {
          DestinationArn: { 'Fn::GetAtt': ['AccessLogGroup', 'Arn'] },
          Format: JSON.stringify(accessLog),
        },
        MethodSettings: [
          {
            HttpMethod: '*',
            ResourcePath: '/*',
            LoggingLevel: 'OFF',
            DataTraceEnabled: false,
            ThrottlingRateLimit: throttle.rate,
            ThrottlingBurstLimit: throttle.burst,
          },
        ],
        TracingEnabled: false,
      },
    },
  },
})

/**
 * The logged fields of a call. They omit the path, the query, and what may quote them (`$context.path`,
 * `$context.error.message`, `$context.integration.error`), because these contain the token. AWS does not document
 * `$context.resourcePath` for an unknown path, so id and method name the route: POST is the webhook, GET and HEAD its health
 * check.
 */
const accessLog = {
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  resourceId: '$context.resourceId',
  status: '$context.status',
  errorType: '$context.error.responseType',
  integrationStatus: '$context.integrationStatus',
  responseLatencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integrationLatency',
  sourceIp: '$context.identity.sourceIp',
} as const
