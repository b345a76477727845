import type { ACMClient, KeyAlgorithm } from '@aws-sdk/client-acm'
import { X509Certificate } from 'node:crypto'
import { CommandFailure } from '../failure.ts'
import { bundleOf, type Certificates, issuerOf, pemOf } from './certificates.ts'
import { haveSameNames } from './server-names.ts'

/** A certificate in ACM. */
export interface Import {
  /** Undefined in a dry run that would create a certificate. */
  readonly arn: string | undefined
  readonly isChanged: boolean
}

/** By default, `ListCertificates` returns only certificates with RSA keys of 2048 bits. */
const keyTypes: KeyAlgorithm[] = ['RSA_2048', 'EC_prime256v1']

/**
 * Imports the current certificate into ACM, again under an ARN (`ImportCertificate`) or as a new one. Skips a certificate
 * that ACM already has, so you can repeat a killed run.
 */
export const importIntoAcm = async (
  client: ACMClient,
  certificates: Certificates,
  { target, dryRun }: { readonly target: string; readonly dryRun: boolean },
): Promise<Import> => {
  const { ImportCertificateCommand } = await import('@aws-sdk/client-acm')
  const { current, authorities } = certificates
  const known = target === 'new' ? await findInAcm(client, current.certificate) : target
  if (known !== undefined) {
    const held = await readFromAcm(client, known)
    if (held.raw.equals(current.certificate.raw)) return { arn: known, isChanged: false }
    requireOurs(held, certificates)
  }
  if (dryRun) return { arn: known, isChanged: true }
  const issuer = issuerOf(current.certificate, authorities)
  const command = new ImportCertificateCommand({
    CertificateArn: known,
    Certificate: Buffer.from(bundleOf([current.certificate])),
    PrivateKey: Buffer.from(pemOf(current.key)),
    ...(issuer && { CertificateChain: Buffer.from(bundleOf([issuer])) }),
  })
  const { CertificateArn: arn } = await attempt('import the certificate into ACM', client.send(command))
  return { arn, isChanged: true }
}

/**
 * Refuses a wrong ARN, which would replace the certificate of another server: ACM does not return its key. A wildcard
 * certificate covers this server too, but belongs to another.
 */
const requireOurs = (held: X509Certificate, { current, retired }: Certificates): void => {
  if ([current.certificate, ...retired].some((one) => haveSameNames(one, held))) return
  throw new CommandFailure(
    `the ARN names the certificate of another server (${held.subjectAltName ?? held.subject}): name the ARN of this server's`,
  )
}

/** Reads the certificate with an ARN from ACM. */
export const readFromAcm = async (client: ACMClient, arn: string): Promise<X509Certificate> => {
  const { GetCertificateCommand } = await import('@aws-sdk/client-acm')
  const command = new GetCertificateCommand({ CertificateArn: arn })
  const { Certificate: pem = '' } = await attempt(`read ${arn}`, client.send(command))
  return new X509Certificate(pem)
}

/** Returns the ARN of a certificate that was imported before. */
const findInAcm = async (client: ACMClient, certificate: X509Certificate): Promise<string | undefined> => {
  const { paginateListCertificates } = await import('@aws-sdk/client-acm')
  const name = certificate.subject.replace(/^CN=/u, '')
  const pages = paginateListCertificates({ client }, { Includes: { keyTypes } })
  const arns: string[] = []
  const collect = async (): Promise<void> => {
    for await (const { CertificateSummaryList: list = [] } of pages)
      for (const { CertificateArn: arn, DomainName: domain } of list)
        if (arn !== undefined && domain === name) arns.push(arn)
  }
  await attempt('list the certificates of ACM', collect())
  for (const arn of arns) if ((await readFromAcm(client, arn)).raw.equals(certificate.raw)) return arn
  return undefined
}

const attempt = async <T>(doing: string, call: Promise<T>): Promise<T> => {
  try {
    return await call
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    throw new CommandFailure(`could not ${doing}: ${why}`, { cause })
  }
}
