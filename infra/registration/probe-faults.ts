import { isObject } from '../../lib/json.ts'
import { sentenceOf } from '../failure.ts'
import type { WebhookUrl } from './webhook-url.ts'

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number
  readonly body: string
  /** The header `Date`. */
  readonly date: Date | undefined
}

/** Explains an HTTP status other than 200, with the message of the `Status` if it has one. */
export const whyRefused = ({ status, body }: HttpAnswer, url: WebhookUrl): string => {
  if (status === 404)
    return `it answers 404: the stage, the cluster ${url.cluster} or its token does not match the deployment`
  const message = messageIn(body)
  const says = message === undefined ? '' : `, ${presentable(message, url)}`
  return status === 403
    ? `API Gateway answers 403${says}: check the stage's name and the callers that it allows (resource policy, web ACL)`
    : `it answers ${status}${says}`
}

/** Explains a time-out. */
export const whyLate = ({ base }: WebhookUrl, timeoutMs: number): string =>
  `no answer within ${timeoutMs / 1000} s: ${new URL(base).host} cannot be reached from here, or the function does not start`

/** Explains a failed connection (DNS, TCP or TLS), by the code of Node's and OpenSSL's errors. */
export const whyNoConnection = (error: unknown, url: WebhookUrl, caBundle: string | undefined): string => {
  const { host } = new URL(url.base)
  switch (codeOf(error)) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `DNS does not resolve ${host} here: check the URL; a private API may resolve only inside its VPC`
    case 'ECONNREFUSED':
      return `${host} refuses the connection: nothing listens there`
    case 'ECONNRESET':
      return `${host} closes the connection`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `${host} cannot be reached from here`
    default:
      return whyNoTls(error, url, caBundle)
  }
}

const whyNoTls = (error: unknown, url: WebhookUrl, caBundle: string | undefined): string => {
  const { hostname } = new URL(url.base)
  switch (codeOf(error)) {
    case 'CERT_HAS_EXPIRED':
      return 'its certificate, or its authority, has expired'
    case 'CERT_NOT_YET_VALID':
      return 'its certificate, or its authority, is not yet valid: check the clocks'
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate does not cover ${hostname} (only subject alternative names count)`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return caBundle === undefined
        ? 'no public authority has signed its certificate: name the one that did with --ca-bundle FILE'
        : 'no authority of the caBundle has signed its certificate, or the server omits an intermediate certificate: name the authority with --ca-bundle FILE'
    case 'EPROTO':
      return 'the server does not speak TLS'
    default:
      return presentable(sentenceOf(error), url)
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : '')

const messageIn = (body: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) && typeof value['message'] === 'string' ? value['message'] : undefined
  } catch {
    return undefined
  }
}

const maxCharacters = 200

/** Puts foreign text on one line, without characters that steer a terminal and without the token, which a path could repeat. */
const presentable = (text: string, { token }: WebhookUrl): string =>
  text
    .replaceAll(token.reveal(), '***')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .slice(0, maxCharacters)
