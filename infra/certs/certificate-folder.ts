import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessAbsent } from '../file-errors.ts'
import { createCertificateChain } from './certificate-chain.ts'
import { backdatedMs, dayMs } from './lifetime.ts'
import { missingNames, namesOfHost, type ServerNames } from './server-names.ts'

/** The certificates of a folder, ready to serve with. */
export interface CertificateFolder {
  /** The authority that a client has to trust: `<folder>/ca.pem`. */
  readonly caFile: string
  /** Whether they were made just now, and why. */
  readonly made: { readonly why: string } | undefined
}

const local: ServerNames = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] }

/** Apple's systems refuse server certificates that are valid for more than 398 days. */
const lifetimeMs = 397 * dayMs
/** Certificates that would expire within a day are made anew: a session of work is shorter. */
const marginMs = dayMs

/**
 * Makes a folder hold `ca.pem`, `cert.pem` and `key.pem` for localhost, 127.0.0.1, ::1 and `host`. What is there and will be
 * valid for a day is kept; else all three are made anew. serverless-offline reads the last two by these names.
 */
export const ensureCertificates = async (
  folder: string,
  now: Date,
  host = 'localhost',
): Promise<CertificateFolder> => {
  const names = withHost(host)
  const why = await findFault(folder, names, now)
  const caFile = join(folder, 'ca.pem')
  if (why === undefined) return { caFile, made: undefined }
  const chain = await createCertificateChain({
    ...names,
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() + lifetimeMs),
  })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(caFile, chain.ca)
  await writeFile(join(folder, 'cert.pem'), chain.cert)
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, chain.key, { mode: 0o600 })
  // The mode above is for a new file only.
  await chmod(keyFile, 0o600)
  return { caFile, made: { why } }
}

const withHost = (host: string): ServerNames => {
  const { dnsNames, ipAddresses } = namesOfHost(host)
  return {
    dnsNames: [...new Set([...local.dnsNames, ...dnsNames])],
    ipAddresses: [...new Set([...local.ipAddresses, ...ipAddresses])],
  }
}

/** Says what keeps the certificates of a folder from being used, or `undefined` when nothing does. */
const findFault = async (folder: string, names: ServerNames, now: Date): Promise<string | undefined> => {
  const pems = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((name) => readPem(join(folder, name))))
  const [caPem, certPem, keyPem] = pems
  if (caPem === undefined || certPem === undefined || keyPem === undefined) return 'there were none'
  try {
    const ca = new X509Certificate(caPem)
    const cert = new X509Certificate(certPem)
    const until = Math.min(ca.validToDate.getTime(), cert.validToDate.getTime())
    if (until < now.getTime() + marginMs) return 'they had expired'
    if (!cert.checkIssued(ca) || !cert.verify(ca.publicKey)) return 'they did not belong together'
    if (!cert.checkPrivateKey(createPrivateKey(keyPem))) return 'they did not belong together'
    const [missing] = missingNames(cert, names)
    return missing === undefined ? undefined : `they were not for ${missing}`
  } catch {
    return 'they could not be read'
  }
}

const readPem = (path: string): Promise<string | undefined> => unlessAbsent(readFile(path, 'utf8'))
