import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { CommandFailure } from '../failure.ts'

/** A server's certificate and its key. A `KeyObject` shows nothing of itself when it is printed. */
export interface ServerCertificate {
  readonly certificate: X509Certificate
  readonly key: KeyObject
}

/** All that is kept of a webhook's certificates. No authority's key is (ADR 14). */
export interface Certificates {
  /** What clients have to trust, the newest first: the webhook configuration's `caBundle`. */
  readonly authorities: readonly X509Certificate[]
  /** What the server shows. */
  readonly current: ServerCertificate
  /** What the server will show when every client trusts its authority; there is one only during a rotation. */
  readonly next: ServerCertificate | undefined
  /** What the server has shown before, as long as it is valid: some server may still show it. */
  readonly retired: readonly X509Certificate[]
}

/** Texts by name: files of a directory, or the data of a Secret. */
export type Files = Readonly<Record<string, string>>

/** The names that Flyte's own Secret has, and those beside them. */
export const fileNames = {
  authorities: 'ca.crt',
  certificate: 'tls.crt',
  key: 'tls.key',
  nextCertificate: 'next.crt',
  nextKey: 'next.key',
  retired: 'retired.crt',
} as const

/** Certificates as files, all PEM, keys as PKCS #8. */
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
 * Reads what `encodeCertificates` wrote, or `flytepropeller webhook init-certs`; undefined where there is none of it.
 * `where` is for the error's text.
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

/** Certificates one after another, PEM. */
export const bundleOf = (certificates: readonly X509Certificate[]): string => certificates.join('')

/** A private key as PKCS #8, PEM, not encrypted. */
export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** The authority that has signed a certificate. */
export const issuerOf = (
  certificate: X509Certificate,
  authorities: readonly X509Certificate[],
): X509Certificate | undefined =>
  authorities.find(
    (authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
  )

const pemPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu

/** What looks like a certificate in a PEM text, each without the end of its last line. */
export const blocksOf = (pem: string): readonly string[] => pem.match(pemPattern) ?? []

/** The certificates of a PEM text, in its order. */
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
  new CommandFailure(`${file} ${what}: move it away and make new ones with \`flyte-webhook certs init\``, {
    cause,
  })
