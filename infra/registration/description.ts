import type { V1LabelSelector, V1MutatingWebhook } from '@kubernetes/client-node'
import { tokenSha256 } from '../tokens/caller-token.ts'
import { calledService } from './ownership.ts'
import { maskedUrl, parseWebhookUrl } from './webhook-url.ts'

/** A webhook as the API server has it, without its token. */
export const withoutToken = (webhook: V1MutatingWebhook): V1MutatingWebhook => {
  const { url } = webhook.clientConfig
  return url === undefined
    ? webhook
    : { ...webhook, clientConfig: { ...webhook.clientConfig, url: maskedUrl(url) } }
}

/** What the API server sends where, a line each; the token is told by its digest alone. */
export const describeWebhook = (webhook: V1MutatingWebhook): readonly string[] => {
  const { rules = [], matchConditions = [], failurePolicy, timeoutSeconds } = webhook
  const { url = '', caBundle } = webhook.clientConfig
  const service = calledService(webhook)
  const kinds = rules.map(
    ({ operations = [], resources = [] }) => `${operations.join(', ')} of ${resources.join(', ')}`,
  )
  const conditions = matchConditions.map(({ name }) => name)
  return [
    `${webhook.name} is sent ${kinds.join('; ')}`,
    `  to          ${service === undefined ? maskedUrl(url) : `Service ${service}`}`,
    `  token       ${tokenDigest(url)}`,
    `  authority   ${caBundle === undefined ? 'a public one' : 'of the caBundle'}`,
    `  labels      ${describeSelector(webhook.objectSelector)}`,
    `  namespaces  ${describeSelector(webhook.namespaceSelector)}`,
    `  conditions  ${conditions.length === 0 ? 'none' : conditions.join(', ')}`,
    `  time-out    ${timeoutSeconds} s`,
    `  on failure  ${failurePolicy === 'Ignore' ? 'Ignore: pods start without their secrets' : 'Fail: pods are not created'}`,
    `  called      ${webhook.reinvocationPolicy === 'IfNeeded' ? 'IfNeeded: again after other webhooks' : 'once a pod'}`,
  ]
}

/** The digest by which the function knows the token (`CALLER_TOKEN_SHA256`), so that the two can be compared. */
const tokenDigest = (url: string): string => {
  const token = parseWebhookUrl(url)?.token
  return token === undefined ? 'not in its URL' : `SHA-256 ${tokenSha256(token.reveal())}`
}

/** A selector in kubectl's notation: `a=b,c notin (d)`. */
const describeSelector = ({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {}): string => {
  const parts = [
    ...Object.entries(matchLabels).map(([name, value]) => `${name}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      switch (operator) {
        case 'Exists':
          return key
        case 'DoesNotExist':
          return `!${key}`
        default:
          return `${key} ${operator.toLowerCase()} (${values.join(',')})`
      }
    }),
  ]
  return parts.length === 0 ? 'all' : parts.join(',')
}
