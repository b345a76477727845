import type { X509Certificate } from 'node:crypto'
import { type Certificates, issuerOf, type ServerCertificate } from './certificates.ts'
import { daysLeft, isDue } from './lifetime.ts'
import { namesOfCertificate } from './server-names.ts'

/** The facts about a certificate that can be printed. */
export interface CertificateFacts {
  readonly role: 'server' | 'next' | 'retired' | 'authority'
  readonly subject: string
  readonly issuer: string
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly notBefore: string
  readonly notAfter: string
  /** Whole days. Negative after the end. */
  readonly daysLeft: number
  /** SHA-256 of the certificate, in openssl's format. */
  readonly fingerprint: string
}

/** A problem, or something to look at. */
export interface CertificateFinding {
  readonly level: 'problem' | 'warning'
  readonly message: string
}

/** Returns the facts about all certificates, in the order of their roles. */
export const factsOf = (
  { authorities, current, next, retired }: Certificates,
  now: Date,
): readonly CertificateFacts[] => [
  describe('server', current.certificate, now),
  ...(next ? [describe('next', next.certificate, now)] : []),
  ...retired.map((certificate) => describe('retired', certificate, now)),
  ...authorities.map((authority) => describe('authority', authority, now)),
]

/** Returns the problems of certificates, then the warnings. */
export const findingsOf = (certificates: Certificates, now: Date): readonly CertificateFinding[] => {
  const { authorities, current, next } = certificates
  const problems = [
    ...problemsOf("the server's certificate", current, { authorities, now }),
    ...(next ? problemsOf('the next certificate', next, { authorities, now }) : []),
  ]
  const warnings: string[] = []
  if (next !== undefined)
    warnings.push(
      'a rotation is in progress: register the bundle with every cluster, then run `flyte-webhook certs rotate --activate`',
    )
  else if (isDue(current.certificate, now))
    warnings.push(
      "the server's certificate is in the last third of its life: run `flyte-webhook certs rotate`",
    )
  return [
    ...problems.map((message) => ({ level: 'problem', message }) as const),
    ...warnings.map((message) => ({ level: 'warning', message }) as const),
  ]
}

const problemsOf = (
  what: string,
  { certificate, key }: ServerCertificate,
  { authorities, now }: { readonly authorities: readonly X509Certificate[]; readonly now: Date },
): readonly string[] => {
  const issuer = issuerOf(certificate, authorities)
  const faults: readonly [boolean, string][] = [
    [!certificate.checkPrivateKey(key), `${what} does not match its key`],
    [issuer === undefined, `${what} is not signed by an authority of the bundle`],
    [certificate.validToDate <= now, `${what} has expired`],
    [certificate.validFromDate > now, `${what} is not valid yet`],
    [issuer !== undefined && issuer.validToDate <= now, `the authority of ${what} has expired`],
  ]
  return faults.filter(([isSo]) => isSo).map(([, message]) => message)
}

const describe = (
  role: CertificateFacts['role'],
  certificate: X509Certificate,
  now: Date,
): CertificateFacts => {
  const { dnsNames, ipAddresses } = namesOfCertificate(certificate)
  const { subject, issuer, validFromDate, validToDate, fingerprint256 } = certificate
  return {
    role,
    subject,
    issuer,
    names: [...dnsNames, ...ipAddresses],
    notBefore: validFromDate.toISOString(),
    notAfter: validToDate.toISOString(),
    daysLeft: daysLeft(certificate, now),
    fingerprint: fingerprint256,
  }
}
