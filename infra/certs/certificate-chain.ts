// @peculiar/x509 asks for this before itself.
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

/** A server's certificate, its private key, and the authority that signed it; all PEM. */
export interface CertificateChain {
  readonly ca: string
  readonly cert: string
  /** PKCS #8, not encrypted. */
  readonly key: string
}

/** ECDSA is P-256; RSA has 2048 bits, the size that all of AWS's services take. */
export type KeyAlgorithm = 'ecdsa' | 'rsa'

/** What a server's certificate is made for. */
export interface CertificateRequest {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** The end of the authority, `notAfter` otherwise. */
  readonly authorityNotAfter?: Date
  /** `ecdsa` otherwise. */
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

/** A server's RSA key may also encrypt the session's key (RFC 5280 §4.2.1.3), an ECDSA key only signs. */
const serverKeyUsages = {
  ecdsa: KeyUsageFlags.digitalSignature,
  rsa: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
} as const satisfies Record<KeyAlgorithm, number>

/** X.509 allows no longer common name (RFC 5280, ub-common-name); clients read the alternative names alone. */
const maxCommonNameLength = 64

/**
 * Makes a certificate authority and one server certificate under it, with the extensions of RFC 5280 that strict
 * verifiers ask for. The authority's own key is dropped: whoever trusts it trusts this one certificate.
 */
export const createCertificateChain = async (request: CertificateRequest): Promise<CertificateChain> => {
  const { algorithm = 'ecdsa', notBefore, notAfter, authorityNotAfter = notAfter } = request
  const signingAlgorithm = algorithms[algorithm]
  const authorityKeys = await createKeyPair(algorithm)
  const serverKeys = await createKeyPair(algorithm)
  const authorityKeyId = await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey)
  const authority = await X509CertificateGenerator.createSelfSigned({
    // Two authorities in one bundle have two names, for clients that find an issuer by its name.
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
