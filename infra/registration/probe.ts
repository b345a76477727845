import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import { isObject } from '../../lib/json.ts'
import { type HttpAnswer, whyLate, whyNoConnection, whyRefused } from './probe-faults.ts'
import { revealedUrl, type WebhookUrl } from './webhook-url.ts'

export interface ProbeOptions {
  /** The only authorities to trust, in PEM, as the API server trusts a `caBundle`. The default is the public ones. */
  readonly caBundle?: string
  /** For both requests together. */
  readonly timeoutMs: number
}

export type ProbeResult =
  /**
   * `configDigest` is the digest of the deployed configuration (`Config.digest`). `date` is the server's clock, in whole seconds,
   * if it sends one.
   */
  | {
      readonly kind: 'answers'
      readonly version: string
      readonly configDigest: string
      readonly date: Date | undefined
    }
  /**
   * `why` is a part of a sentence: what is wrong, and what to check. It never contains a token. `isReached` is true if something
   * answered over HTTP, which rules out the network.
   */
  | { readonly kind: 'fails'; readonly why: string; readonly isReached: boolean }

/**
 * Calls a function as an API server would: for its health, and with a pod without the label, which changes nothing anywhere.
 * Never rejects: a failure is a result.
 */
export const probe = async (url: WebhookUrl, options: ProbeOptions): Promise<ProbeResult> => {
  const signal = AbortSignal.timeout(options.timeoutMs)
  const ask = (question: Question): Promise<HttpAnswer> => exchange(question, options.caBundle, signal)
  try {
    const health = await ask({ method: 'GET', url: revealedUrl(url, 'healthz') })
    if (health.status !== 200) return refuses(whyRefused(health, url))
    const { version, config } = objectIn(health.body)
    if (typeof version !== 'string' || typeof config !== 'string')
      return refuses('another program answers there, not this webhook')
    const review = await ask({
      method: 'POST',
      url: `${revealedUrl(url)}?timeout=${Math.ceil(options.timeoutMs / 1000)}s`,
      body: JSON.stringify(plainReview),
    })
    if (review.status !== 200) return refuses(whyRefused(review, url))
    return isAdmitted(review.body)
      ? { kind: 'answers', version, configDigest: config, date: review.date }
      : refuses('it refuses a pod that asks for no secrets')
  } catch (error) {
    const isLate = signal.aborted
    const why = isLate ? whyLate(url, options.timeoutMs) : whyNoConnection(error, url, options.caBundle)
    return { kind: 'fails', why, isReached: false }
  }
}

const refuses = (why: string): ProbeResult => ({ kind: 'fails', why, isReached: true })

interface Question {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
}

const uid = 'flyte-webhook-probe'

/** The creation of a pod without the label. */
const plainReview = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid,
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'default',
    operation: 'CREATE',
    userInfo: { username: 'flyte-webhook' },
    dryRun: true,
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: uid },
      spec: { containers: [{ name: 'main', image: 'none' }] },
    },
  },
}

const isAdmitted = (body: string): boolean => {
  const { response } = objectIn(body)
  return isObject(response) && response['uid'] === uid && response['allowed'] === true
}

const exchange = async (
  { method, url, body }: Question,
  caBundle: string | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  // As in Go, every certificate of the bundle is an anchor, even if another one has signed it.
  const trust = caBundle === undefined ? {} : { ca: caBundle, allowPartialTrustChain: true }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const call = request(url, {
    ...trust,
    method,
    signal,
    agent: false,
    checkServerIdentity: identify,
    headers: { 'content-type': 'application/json' },
  })
  call.once('response', resolve).once('error', reject).end(body)
  const response = await promise
  const { date } = response.headers
  return {
    status: response.statusCode ?? 0,
    body: await text(response),
    date: date === undefined ? undefined : new Date(date),
  }
}

/** Follows Go, in which the API server is written: a name only in the subject does not count. */
export const identify = (host: string, certificate: PeerCertificate): Error | undefined =>
  certificate.subjectaltname === undefined
    ? Object.assign(new Error('no subject alternative name'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    : checkServerIdentity(host, certificate)

const objectIn = (body: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}
