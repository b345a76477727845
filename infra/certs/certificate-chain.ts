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

/** What a server's certificate is made for. */
export interface CertificateRequest {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
  readonly notBefore: Date
  readonly notAfter: Date
}

const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Makes a certificate authority and one server certificate under it, ECDSA P-256, with the extensions of RFC 5280
 * that strict verifiers ask for. The authority's own key is dropped: whoever trusts it trusts this one certificate.
 */
export const createCertificateChain = async (request: CertificateRequest): Promise<CertificateChain> => {
  const authorityKeys = await createKeyPair()
  const serverKeys = await createKeyPair()
  const lifetime = {
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    signingAlgorithm: keyAlgorithm,
  }
  const authority = await X509CertificateGenerator.createSelfSigned({
    ...lifetime,
    name: 'CN=flyte-webhook local authority',
    keys: authorityKeys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  })
  const server = await X509CertificateGenerator.create({
    ...lifetime,
    subject: 'CN=flyte-webhook local server',
    issuer: authority.subject,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
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

const createKeyPair = (): Promise<webcrypto.CryptoKeyPair> =>
  crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])

const subjectAlternativeNames = (request: CertificateRequest): SubjectAlternativeNameExtension =>
  new SubjectAlternativeNameExtension([
    ...request.dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...request.ipAddresses.map((value) => ({ type: 'ip' as const, value })),
  ])
