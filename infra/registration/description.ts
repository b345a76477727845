import type { V1LabelSelector, V1MutatingWebhook } from '@kubernetes/client-node'
import { tokenSha256 } from '../tokens/caller-token.ts'
import { calledService } from './ownership.ts'
import { maskedUrl, parseWebhookUrl } from './webhook-url.ts'

/** Returns a webhook as the API server stores it, without its token. */
export const withoutToken = (webhook: V1MutatingWebhook): V1MutatingWebhook => {
  const { url } = webhook.clientConfig
  return url === undefined
    ? webhook
    : { ...webhook, clientConfig: { ...webhook.clientConfig, url: maskedUrl(url) } }
}

/** Describes what the API server sends where, in lines. Shows only the digest of the token. */
export const describeWebhook = (webhook: V1MutatingWebhook): readonly string[] => {
  const { rules = [], matchConditions = [], failurePolicy, timeoutSeconds } = webhook
  const { url = '', caBundle } = webhook.clientConfig
  const service = calledService(webhook)
  const kinds = rules.map(
    ({ operations = [], resources = [] }) => `${operations.join(', ')} of ${resources.join(', ')}`,
  )
  const conditions = matchConditions.map(({ name }) => name)
  return [
    `${webhook.name} receives ${kinds.join('; ')}`,
    `  to          ${service === undefined ? maskedUrl(url) : `Service ${service}`}`,
    `  token       ${tokenDigest(url)}`,
    `  authority   ${caBundle === undefined ? 'public' : 'in the caBundle'}`,
    `  labels      ${describeSelector(webhook.objectSelector)}`,
    `  namespaces  ${describeSelector(webhook.namespaceSelector)}`,
    `  conditions  ${conditions.length === 0 ? 'none' : conditions.join(', ')}`,
    `  time-out    ${timeoutSeconds} s`,
    `  on failure  ${failurePolicy === 'Ignore' ? 'Ignore: pods start without their secrets' : 'Fail: pods are not created'}`,
    `  reinvoked   ${webhook.reinvocationPolicy === 'IfNeeded' ? 'IfNeeded: again after other webhooks' : 'Never: called once per pod'}`,
  ]
}

/** Returns the token's digest as the function stores it (`CALLER_TOKEN_SHA256`), so that you can compare the two. */
const tokenDigest = (url: string): string => {
  const token = parseWebhookUrl(url)?.token
  return token === undefined ? 'not in its URL' : `SHA-256 ${tokenSha256(token.reveal())}`
}

/** Formats a selector as kubectl does: `a=b,c notin (d)`. */
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
