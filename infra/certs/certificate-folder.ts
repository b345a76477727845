import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unlessAbsent } from '../file-errors.ts'
import { createCertificateChain } from './certificate-chain.ts'
import { backdatedMs, dayMs } from './lifetime.ts'
import { missingNames, namesOfHost, type ServerNames } from './server-names.ts'

/** The certificates in a folder, ready to use. */
export interface CertificateFolder {
  /** The authority that a client must trust: `<folder>/ca.pem`. */
  readonly caFile: string
  /** Why the certificates were just created. Undefined if they already existed. */
  readonly made: { readonly why: string } | undefined
}

const local: ServerNames = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1', '::1'] }

/** Apple's systems refuse server certificates that are valid for more than 398 days. */
const lifetimeMs = 397 * dayMs
/** Certificates that expire within a day are replaced: a session of work is shorter. */
const marginMs = dayMs

/**
 * Ensures that a folder has `ca.pem`, `cert.pem` and `key.pem` for localhost, 127.0.0.1, ::1 and `host`. Keeps the files if
 * they are valid for another day, and replaces all three if not. serverless-offline reads the last two by these names.
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
  // The mode above only applies to a new file.
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

/** Returns why the certificates in a folder cannot be used, or `undefined` if they can. */
const findFault = async (folder: string, names: ServerNames, now: Date): Promise<string | undefined> => {
  const pems = await Promise.all(['ca.pem', 'cert.pem', 'key.pem'].map((name) => readPem(join(folder, name))))
  const [caPem, certPem, keyPem] = pems
  if (caPem === undefined || certPem === undefined || keyPem === undefined) return 'none existed'
  try {
    const ca = new X509Certificate(caPem)
    const cert = new X509Certificate(certPem)
    const until = Math.min(ca.validToDate.getTime(), cert.validToDate.getTime())
    if (until < now.getTime() + marginMs) return 'the old ones had less than a day left'
    if (!cert.checkIssued(ca) || !cert.verify(ca.publicKey)) return 'the old ones did not match'
    if (!cert.checkPrivateKey(createPrivateKey(keyPem))) return 'the old ones did not match'
    const [missing] = missingNames(cert, names)
    return missing === undefined ? undefined : `the old ones did not cover ${missing}`
  } catch {
    return 'the old ones were unreadable'
  }
}

const readPem = (path: string): Promise<string | undefined> => unlessAbsent(readFile(path, 'utf8'))
