import type { ServerResponse } from 'node:http'
import { gatewayResponses } from '../../infra/resources/gateway-responses.ts'
import type { Json } from '../support/pods.ts'

/** Answers in place of the function, as API Gateway does with the stack's gateway response. */
export const gatewayAnswer = (response: ServerResponse, type: 'INTEGRATION_FAILURE' | 'THROTTLED'): void => {
  const resources: readonly Json[] = Object.values(gatewayResponses().Resources ?? {})
  const { Properties } = resources.find(({ Properties: one }) => one.ResponseType === type)
  const retryAfter = Properties.ResponseParameters?.['gatewayresponse.header.Retry-After']?.replaceAll(
    "'",
    '',
  )
  response
    .writeHead(Number(Properties.StatusCode), {
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    })
    .end(Properties.ResponseTemplates['application/json'])
}
