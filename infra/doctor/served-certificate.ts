import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { whyNoConnection } from '../registration/probe-faults.ts'
import { identify } from '../registration/probe.ts'
import type { WebhookUrl } from '../registration/webhook-url.ts'
import { type Fact, known, unknown } from './fact.ts'

/** What a server shows to a client that trusts what the API server trusts. */
export interface ServedCertificate {
  readonly certificate: X509Certificate
  /** Why such a client would end the connection, by this machine's clock. */
  readonly refusal: string | undefined
}

interface Trust {
  /** The only authorities to trust, PEM; without it the public ones. */
  readonly caBundle: string | undefined
  readonly timeoutMs: number
}

/** Shakes hands with the server of a URL, and keeps what it has shown although it may be wrong. */
export const readServedCertificate = async (
  url: WebhookUrl,
  { caBundle, timeoutMs }: Trust,
): Promise<Fact<ServedCertificate>> => {
  const { hostname, port } = new URL(url.base)
  const host = hostname.replace(/^\[|\]$/gu, '')
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    // An address is no name of a server (RFC 6066, section 3).
    servername: isIP(host) === 0 ? host : '',
    ...(caBundle === undefined ? {} : { ca: caBundle }),
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => identify(host, certificate),
  })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) })
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) return unknown(`${hostname} shows no certificate`)
    // A code as `CERT_HAS_EXPIRED`, whatever the types say.
    const code = String(socket.authorizationError)
    const refusal = socket.authorized
      ? undefined
      : whyNoConnection(Object.assign(new Error(code), { code }), url, caBundle)
    return known({ certificate, refusal })
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'AbortError'
    return unknown(isLate ? `${hostname} cannot be reached from here` : whyNoConnection(error, url, caBundle))
  } finally {
    socket.destroy()
  }
}
