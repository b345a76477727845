import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { CommandFailure } from '../failure.ts'

/** A server's certificate and its key. Printing a `KeyObject` does not reveal the key. */
export interface ServerCertificate {
  readonly certificate: X509Certificate
  readonly key: KeyObject
}

/** The stored certificates of a webhook. The keys of authorities are not stored (ADR 14). */
export interface Certificates {
  /** The authorities that clients must trust, newest first: the webhook configuration's `caBundle`. */
  readonly authorities: readonly X509Certificate[]
  /** What the server presents. */
  readonly current: ServerCertificate
  /** What the server will present once every client trusts its authority. Exists only during a rotation. */
  readonly next: ServerCertificate | undefined
  /** What the server presented before, while it is valid: some server may still present it. */
  readonly retired: readonly X509Certificate[]
}

/** Texts by name: files of a directory, or the data of a Secret. */
export type Files = Readonly<Record<string, string>>

/** The first three are the names in Flyte's own Secret. */
export const fileNames = {
  authorities: 'ca.crt',
  certificate: 'tls.crt',
  key: 'tls.key',
  nextCertificate: 'next.crt',
  nextKey: 'next.key',
  retired: 'retired.crt',
} as const

/** Returns certificates as PEM files, with keys in PKCS #8. */
export const encodeCertificates = ({ authorities, current, next, retired }: Certificates): Files => ({
  [fileNames.authorities]: bundleOf(authorities),
  [fileNames.certificate]: bundleOf([current.certificate]),
  [fileNames.key]: pemOf(current.key),
  ...(next && {
    [fileNames.nextCertificate]: bundleOf([next.certificate]),
    [fileNames.nextKey]: pemOf(next.key),
  }),
  ...(retired.length > 0 && { [fileNames.retired]: bundleOf(retired) }),
})

/**
 * Reads the files of `encodeCertificates` or of `flytepropeller webhook init-certs`. Returns undefined if all are
 * missing. `where` is for error messages.
 */
export const decodeCertificates = (files: Files, where: string): Certificates | undefined => {
  const { authorities, certificate, key, nextCertificate, nextKey, retired } = fileNames
  if ([authorities, certificate, key].every((name) => files[name] === undefined)) return undefined
  const bundle = decodeFile(files, authorities, where)
  if (bundle.length === 0) throw broken(`${where}: ${authorities}`, 'holds no certificate')
  return {
    authorities: bundle,
    current: decodeServer(files, { certificate, key, where }),
    next:
      files[nextCertificate] === undefined
        ? undefined
        : decodeServer(files, { certificate: nextCertificate, key: nextKey, where }),
    retired: files[retired] === undefined ? [] : decodeFile(files, retired, where),
  }
}

/** Returns certificates as concatenated PEM. */
export const bundleOf = (certificates: readonly X509Certificate[]): string => certificates.join('')

/** Returns a private key as unencrypted PKCS #8 in PEM. */
export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Returns the authority that signed a certificate. */
export const issuerOf = (
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
): X509Certificate | undefined =>
  authorities.find(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  )

const pemPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu

/** Returns the parts of a PEM text that look like certificates, without their last line break. */
export const blocksOf = (pem: string): readonly string[] => pem.match(pemPattern) ?? []

/** Returns the certificates of a PEM text, in order. */
export const decodeBundle = (pem: string): readonly X509Certificate[] =>
  blocksOf(pem).map((one) => new X509Certificate(one))

const decodeFile = (files: Files, name: string, where: string): readonly X509Certificate[] => {
  try {
    return decodeBundle(files[name] ?? '')
  } catch (cause) {
    throw broken(`${where}: ${name}`, 'is not a certificate', cause)
  }
}

const decodeServer = (
  files: Files,
  { certificate, key, where }: { readonly certificate: string; readonly key: string; readonly where: string },
): ServerCertificate => {
  const [first, ...rest] = decodeFile(files, certificate, where)
  if (first === undefined) throw broken(`${where}: ${certificate}`, 'holds no certificate')
  if (rest.length > 0)
    throw broken(`${where}: ${certificate}`, 'holds a chain, which this command did not write')
  try {
    return { certificate: first, key: createPrivateKey(files[key] ?? '') }
  } catch (cause) {
    throw broken(`${where}: ${key}`, 'is not a private key', cause)
  }
}

const broken = (file: string, what: string, cause?: unknown): CommandFailure =>
  new CommandFailure(`${file} ${what}: move it away and create new ones with \`flyte-webhook certs init\``, {
    cause,
  })
