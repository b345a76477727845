import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { whyNoConnection } from '../registration/probe-faults.ts'
import { identify } from '../registration/probe.ts'
import type { WebhookUrl } from '../registration/webhook-url.ts'
import { type Fact, known, unknown } from './fact.ts'

/** The certificate that a server shows to a client with the API server's trust. */
export interface ServedCertificate {
  readonly certificate: X509Certificate
  /** Why such a client would close the connection, by this machine's clock. */
  readonly refusal: string | undefined
}

interface Trust {
  /** The only authorities to trust, in PEM. The default is the public ones. */
  readonly caBundle: string | undefined
  readonly timeoutMs: number
}

/** Connects to the server of a URL, and keeps its certificate even if it is invalid. */
export const readServedCertificate = async (
  url: WebhookUrl,
  { caBundle, timeoutMs }: Trust,
): Promise<Fact<ServedCertificate>> => {
  const { hostname, port } = new URL(url.base)
  const host = hostname.replace(/^\[|\]$/gu, '')
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    // An IP address cannot be a server name (RFC 6066, section 3).
    servername: isIP(host) === 0 ? host : '',
    ...(caBundle === undefined ? {} : { ca: caBundle }),
    rejectUnauthorized: false,
    checkServerIdentity: (_, certificate) => identify(host, certificate),
  })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(timeoutMs) })
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) return unknown(`${hostname} sends no certificate`)
    // A code such as `CERT_HAS_EXPIRED`, although the types say otherwise.
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
