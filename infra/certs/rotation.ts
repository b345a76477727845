import { createPrivateKey, X509Certificate } from 'node:crypto'
import { CommandFailure, wrongUsage } from '../failure.ts'
import { createCertificateChain, type KeyAlgorithm } from './certificate-chain.ts'
import { type Certificates, issuerOf, type ServerCertificate } from './certificates.ts'
import { backdatedMs, dayMs, daysOf, isDue } from './lifetime.ts'
import { missingNames, namesOfCertificate, type ServerNames } from './server-names.ts'

/** The properties of new certificates. */
export interface CertificateWish {
  readonly names: ServerNames
  readonly algorithm: KeyAlgorithm
  readonly validityDays: number
  readonly authorityValidityDays: number
}

/** The result of one step of a rotation. */
export type Step =
  /** Created a next certificate, and added its authority to the bundle. */
  | 'prepared'
  /** Made the next certificate the current one. */
  | 'activated'
  /** Removed expired certificates and their authorities. */
  | 'tidied'
  /** A next certificate already exists. */
  | 'waiting'
  /** No rotation is due. */
  | 'idle'
  /** No next certificate exists to activate. */
  | 'nothing-prepared'

/** The certificates after a step: the same object if nothing changed. */
export interface Rotation {
  readonly step: Step
  readonly certificates: Certificates
}

/** Creates an authority and one server certificate. */
export const createCertificates = async (wish: CertificateWish, now: Date): Promise<Certificates> => {
  const { authority, server } = await issue(wish, now)
  return { authorities: [authority], current: server, next: undefined, retired: [] }
}

/**
 * The first step: if a rotation is due, creates an authority with a server certificate and adds the authority to the bundle.
 * The server keeps its current certificate. The wish's missing properties come from that certificate.
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
        'a certificate for other names is already prepared: activate it with --activate, then rotate again',
      )
    return { step: 'waiting', certificates }
  }
  if (!force && isFor(current, wish.names) && !isDue(current.certificate, now))
    return { step: certificates === before ? 'idle' : 'tidied', certificates }
  const { authority, server } = await issue({ ...likenessOf(certificates), ...wish }, now)
  // No server has presented a next certificate that is broken or was not activated in time: drop its authority too. But keep
  // the authority of a certificate that a server may present, in case files were copied by hand.
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

/** The second step, once every client trusts the new authority: makes the next certificate the current one. */
export const activateRotation = (before: Certificates, now: Date): Rotation => {
  const { authorities, current, next, retired } = before
  if (next === undefined) return { step: 'nothing-prepared', certificates: before }
  if (!isSound(next, authorities) || next.certificate.validToDate <= now)
    throw new CommandFailure(
      'the next certificate has expired, or does not match its key or the bundle: prepare another one with `flyte-webhook certs rotate`',
    )
  const certificates = {
    ...before,
    current: next,
    next: undefined,
    retired: [...retired, current.certificate],
  }
  return { step: 'activated', certificates: tidied(certificates, now) }
}

/** Drops retired certificates that have expired, and the authorities that issued only those. */
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

/** Returns the wish behind the current certificate. Whole days leave out the hour of backdating. */
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
      `an authority valid for ${authorityValidityDays} days would expire before its certificate (${validityDays} days): raise --ca-validity-days`,
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
