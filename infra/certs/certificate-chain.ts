// @peculiar/x509 needs this import before its own.
import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A server's certificate, its private key, and the authority that signed it, all as PEM. */
export interface CertificateChain {
  readonly ca: string
  readonly cert: string
  /** PKCS #8, not encrypted. */
  readonly key: string
}

/** ECDSA uses P-256. RSA uses 2048 bits, which all services of AWS accept. */
export type KeyAlgorithm = 'ecdsa' | 'rsa'

/** The properties of a new server certificate. */
export interface CertificateRequest {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** When the authority expires. Default: `notAfter`. */
  readonly authorityNotAfter?: Date
  /** Default: `ecdsa`. */
  readonly algorithm?: KeyAlgorithm
}

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
} as const satisfies Record<KeyAlgorithm, object>

/** An RSA key can also encrypt the session's key (RFC 5280 §4.2.1.3). An ECDSA key only signs. */
const serverKeyUsages = {
  ecdsa: KeyUsageFlags.digitalSignature,
  rsa: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
} as const satisfies Record<KeyAlgorithm, number>

/** The limit of X.509 (RFC 5280, ub-common-name). Clients read only the alternative names. */
const maxCommonNameLength = 64

/**
 * Creates a certificate authority and one server certificate signed by it, with the extensions of RFC 5280 that strict
 * verifiers require. Discards the authority's key: to trust the authority is to trust this one certificate.
 */
export const createCertificateChain = async (request: CertificateRequest): Promise<CertificateChain> => {
  const { algorithm = 'ecdsa', notBefore, notAfter, authorityNotAfter = notAfter } = request
  const signingAlgorithm = algorithms[algorithm]
  const authorityKeys = await createKeyPair(algorithm)
  const serverKeys = await createKeyPair(algorithm)
  const authorityKeyId = await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey)
  const authority = await X509CertificateGenerator.createSelfSigned({
    // Each authority has its own name, because some clients find an issuer in a bundle by name.
    name: [{ CN: [`flyte-webhook authority ${authorityKeyId.keyId.slice(0, 8)}`] }],
    notBefore,
    notAfter: authorityNotAfter,
    signingAlgorithm,
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      authorityKeyId,
    ],
  })
  const server = await X509CertificateGenerator.create({
    subject: [{ CN: [commonName(request)] }],
    issuer: authority.subject,
    notBefore,
    notAfter,
    signingAlgorithm,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(serverKeyUsages[algorithm], true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      subjectAlternativeNames(request),
      await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey)
  return {
    ca: `${authority.toString('pem')}\n`,
    cert: `${server.toString('pem')}\n`,
    key: `${PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag)}\n`,
  }
}

const createKeyPair = (algorithm: KeyAlgorithm): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(algorithms[algorithm], true, ['sign', 'verify'])

const commonName = ({ dnsNames, ipAddresses }: CertificateRequest): string =>
  [...dnsNames, ...ipAddresses].find(({ length }) => length <= maxCommonNameLength) ?? 'flyte-webhook'

const subjectAlternativeNames = (request: CertificateRequest): SubjectAlternativeNameExtension =>
  new SubjectAlternativeNameExtension([
    ...request.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...request.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ])
