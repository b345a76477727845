import type { Fragment, Stack } from './fragment.ts'
import { logicalId } from './fragment.ts'

/**
 * The stage, with its access log and throttling. osls would make a bare one, and set log and tracing by calls after the
 * deployment; `finishTemplate` ties this one to the deployment. Execution log, data trace and X-Ray are off: they hold the
 * URL, and so the token (specification §7).
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
 * What is logged of a call. Neither path nor query, nor what may quote them (`$context.path`, `$context.error.message`,
 * `$context.integration.error`): they hold the token. Of a path that is no route AWS does not say what `$context.resourcePath`
 * would be, so the route is logged by its id and method: POST is the webhook, GET and HEAD are its health check.
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
