import { clusterName, clusterNameRule } from '../../lib/cluster-name.ts'
import { SecretValue } from '../../lib/secret-value.ts'
import { wrongUsage } from '../failure.ts'
import { callerTokenForm } from '../tokens/caller-token.ts'

/**
 * The URL at which one cluster's API server calls the function: `https://<host>[/<stage>]/<cluster>/<token>/mutate--v1-pod`
 * (specification §7).
 */
export interface WebhookUrl {
  /** `https://<host>[/<stage>]`, without a trailing slash. */
  readonly base: string
  readonly cluster: string
  readonly token: SecretValue
}

/** The end of the stack's output `WebhookUrl`. */
const outputTail = '/{cluster}/{token}/mutate--v1-pod'
/** The function answers below one stage, or at the root. */
const basePath = /^(\/[A-Za-z0-9._~-]+)?$/
const completeUrl =
  /^(?<base>https:\/\/[^/?#@]+(?:\/[^/?#]+)?)\/(?<cluster>[^/?#]+)\/(?<token>[A-Za-z0-9_-]+)\/mutate--v1-pod$/

/**
 * Reads `https://<host>[/<stage>]`, or the stack's output with its placeholders. Any other text is wrong usage, and the message
 * does not repeat it: it could hold a token.
 */
export const parseBaseUrl = (text: string): string => {
  const base = text.endsWith(outputTail) ? text.slice(0, -outputTail.length) : text
  const url = URL.parse(base)
  const why = url === null ? 'is not a URL' : findFault(base, url)
  if (url === null || why !== undefined) {
    throw wrongUsage(
      `the URL ${why}: give https://<host>/<stage>, the stack's output WebhookUrl, or the complete URL with cluster and token`,
    )
  }
  return url.origin + url.pathname.replace(/\/$/, '')
}

const findFault = (text: string, { protocol, username, password, pathname }: URL): string | undefined => {
  if (protocol !== 'https:') return 'does not begin with https://'
  if (username !== '' || password !== '') return 'contains a user'
  if (/[?#]/.test(text)) return 'contains a query or a fragment'
  return basePath.test(pathname.replace(/\/$/, '')) ? undefined : 'has a path longer than a stage'
}

/** A URL from a command line: at least the base. */
export type GivenUrl = Pick<WebhookUrl, 'base'> & Partial<WebhookUrl>

/** Reads the base of a URL, or a complete URL as `npm start` prints it. Any other text is wrong usage. */
export const parseGivenUrl = (text: string): GivenUrl => {
  const url = parseWebhookUrl(text)
  if (url === undefined) return { base: parseBaseUrl(text) }
  return {
    base: parseBaseUrl(url.base),
    cluster: parseClusterName(url.cluster),
    token: parseToken(url.token.reveal()),
  }
}

/** Reads the name of a cluster for a URL. */
export const parseClusterName = (text: string): string => {
  if (clusterName.test(text)) return text
  throw wrongUsage(`the cluster name is not valid in a URL: use ${clusterNameRule}`)
}

/** Reads a caller's token: 256 bits as base64url. Ignores white space around it, which belongs to the file. */
export const parseToken = (text: string): SecretValue => {
  if (callerTokenForm.test(text.trim())) return new SecretValue(text.trim())
  throw wrongUsage('the token is not 256 bits of base64url: 43 of A-Z a-z 0-9 - _')
}

/** Reads a complete URL as registered; undefined if it does not belong to this webhook. */
export const parseWebhookUrl = (text: string): WebhookUrl | undefined => {
  const { base, cluster, token } = completeUrl.exec(text)?.groups ?? {}
  if (base === undefined || cluster === undefined || token === undefined) return undefined
  return { base, cluster, token: new SecretValue(token) }
}

/** Returns the complete URL with its token: a secret. */
export const revealedUrl = (
  { base, cluster, token }: WebhookUrl,
  resource: 'mutate--v1-pod' | 'healthz' = 'mutate--v1-pod',
): string => `${base}/${cluster}/${token.reveal()}/${resource}`

/** Returns a registered URL without its token. Of any other URL only the host remains. */
export const maskedUrl = (text: string): string => {
  const url = parseWebhookUrl(text)
  if (url !== undefined) return `${url.base}/${url.cluster}/***/mutate--v1-pod`
  return `${URL.parse(text)?.origin ?? ''}/***`
}
