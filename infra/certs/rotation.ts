import { createPrivateKey, X509Certificate } from 'node:crypto'
import { CommandFailure, wrongUsage } from '../failure.ts'
import { createCertificateChain, type KeyAlgorithm } from './certificate-chain.ts'
import { type Certificates, issuerOf, type ServerCertificate } from './certificates.ts'
import { backdatedMs, dayMs, daysOf, isDue } from './lifetime.ts'
import { missingNames, namesOfCertificate, type ServerNames } from './server-names.ts'

/** What new certificates are like. */
export interface CertificateWish {
  readonly names: ServerNames
  readonly algorithm: KeyAlgorithm
  readonly validityDays: number
  readonly authorityValidityDays: number
}

/** What one step of a rotation has come to. */
export type Step =
  /** There is a next certificate now, and its authority is in the bundle. */
  | 'prepared'
  /** The next certificate is the current one now. */
  | 'activated'
  /** Authorities whose last certificate has expired are gone. */
  | 'tidied'
  /** There is a next certificate already. */
  | 'waiting'
  /** No rotation is due. */
  | 'idle'
  /** There is no next certificate to activate. */
  | 'nothing-prepared'

/** What certificates are after a step: the very same object where nothing changed. */
export interface Rotation {
  readonly step: Step
  readonly certificates: Certificates
}

/** An authority and one server certificate, where there were none. */
export const createCertificates = async (wish: CertificateWish, now: Date): Promise<Certificates> => {
  const { authority, server } = await issue(wish, now)
  return { authorities: [authority], current: server, next: undefined, retired: [] }
}

/**
 * The first step: where a rotation is due, makes an authority with a server certificate and adds the authority to the
 * bundle. The server goes on as before. What is not in the wish is as in the current certificate.
 */
export const prepareRotation = async (
  before: Certificates,
  {
    wish,
    force,
    now,
  }: { readonly wish: Partial<CertificateWish>; readonly force: boolean; readonly now: Date },
): Promise<Rotation> => {
  const certificates = tidied(before, now)
  const { current, next, authorities, retired } = certificates
  if (next !== undefined && isSound(next, authorities) && !isDue(next.certificate, now)) {
    if (!isFor(next, wish.names))
      throw new CommandFailure(
        'a certificate for other names is prepared already: activate it with --activate, then rotate once more',
      )
    return { step: 'waiting', certificates }
  }
  if (!force && isFor(current, wish.names) && !isDue(current.certificate, now))
    return { step: certificates === before ? 'idle' : 'tidied', certificates }
  const { authority, server } = await issue({ ...likenessOf(certificates), ...wish }, now)
  // A next certificate that is broken, or was not activated in time, goes with its authority: no server has shown it. Files
  // that were copied by hand may say otherwise, and what a server shows has to stay trusted.
  const abandoned = next && issuerOf(next.certificate, authorities)
  const kept = authorities.filter(
    (one) => one !== abandoned || hasIssued(one, [current.certificate, ...retired]),
  )
  return {
    step: 'prepared',
    certificates: { ...certificates, authorities: [authority, ...kept], next: server },
  }
}

const isFor = ({ certificate }: ServerCertificate, names: ServerNames | undefined): boolean =>
  names === undefined || missingNames(certificate, names).length === 0

const isSound = ({ certificate, key }: ServerCertificate, authorities: readonly X509Certificate[]): boolean =>
  certificate.checkPrivateKey(key) && issuerOf(certificate, authorities) !== undefined

/** The second step, for when every client trusts the new authority: the server shows the next certificate. */
export const activateRotation = (before: Certificates, now: Date): Rotation => {
  const { authorities, current, next, retired } = before
  if (next === undefined) return { step: 'nothing-prepared', certificates: before }
  if (!isSound(next, authorities) || next.certificate.validToDate <= now)
    throw new CommandFailure(
      'the next certificate has expired, or does not fit its key or the bundle: prepare another one with `flyte-webhook certs rotate`',
    )
  const certificates = {
    ...before,
    current: next,
    next: undefined,
    retired: [...retired, current.certificate],
  }
  return { step: 'activated', certificates: tidied(certificates, now) }
}

/** Drops retired certificates that have expired, and every authority whose last certificate is gone with them. */
const tidied = (certificates: Certificates, now: Date): Certificates => {
  const { authorities, current, next, retired } = certificates
  const kept = retired.filter(({ validToDate }) => validToDate > now)
  if (kept.length === retired.length) return certificates
  const inUse = [current.certificate, ...(next ? [next.certificate] : []), ...kept]
  const gone = retired.filter((one) => !kept.includes(one))
  return {
    ...certificates,
    authorities: authorities.filter(
      (authority) => !hasIssued(authority, gone) || hasIssued(authority, inUse),
    ),
    retired: kept,
  }
}

const hasIssued = (authority: X509Certificate, certificates: readonly X509Certificate[]): boolean =>
  certificates.some((certificate) => issuerOf(certificate, [authority]) !== undefined)

/** The wish that would have made the current certificate: the hour before it was made is no whole day. */
const likenessOf = ({ authorities, current }: Certificates): CertificateWish => {
  const authority = issuerOf(current.certificate, authorities) ?? current.certificate
  return {
    names: namesOfCertificate(current.certificate),
    algorithm: current.key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ecdsa',
    validityDays: daysOf(current.certificate),
    authorityValidityDays: daysOf(authority),
  }
}

const issue = async (
  { names, algorithm, validityDays, authorityValidityDays }: CertificateWish,
  now: Date,
): Promise<{ readonly authority: X509Certificate; readonly server: ServerCertificate }> => {
  if (authorityValidityDays < validityDays)
    throw wrongUsage(
      `an authority of ${authorityValidityDays} days would end before its certificate of ${validityDays}: give it more with --ca-validity-days`,
    )
  const after = (ms: number): Date => new Date(now.getTime() + ms)
  const { ca, cert, key } = await createCertificateChain({
    ...names,
    algorithm,
    notBefore: after(-backdatedMs),
    notAfter: after(validityDays * dayMs),
    authorityNotAfter: after(authorityValidityDays * dayMs),
  })
  return {
    authority: new X509Certificate(ca),
    server: { certificate: new X509Certificate(cert), key: createPrivateKey(key) },
  }
}
