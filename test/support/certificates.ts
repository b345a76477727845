import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundleOf, type Certificates, pemOf, type ServerCertificate } from '../../infra/certs/certificates.ts'
import type { CertificateWish } from '../../infra/certs/rotation.ts'
import { shakeHands } from './handshake.ts'

export const host = 'hooks.example.com'
export const wish: CertificateWish = {
  names: { dnsNames: [host], ipAddresses: [] },
  algorithm: 'ecdsa',
  validityDays: 365,
  authorityValidityDays: 3650,
}

/** Returns the output of openssl's strict verification of a certificate against a bundle. */
export const opensslVerify = async (
  cert: string,
  ca: string,
  ...args: readonly string[]
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  try {
    await writeFile(join(folder, 'ca'), ca)
    await writeFile(join(folder, 'cert'), cert)
    const all = ['verify', '-x509_strict', '-purpose', 'sslserver', ...args, '-CAfile', join(folder, 'ca')]
    return (await promisify(execFile)('openssl', [...all, join(folder, 'cert')])).stdout
  } catch (error) {
    return String(error)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Returns whether a client that trusts these certificates' authorities accepts a server. */
export const isAccepted = (
  { certificate, key }: ServerCertificate,
  { authorities }: Certificates,
  servername = host,
): Promise<boolean> =>
  shakeHands({ cert: certificate.toString(), key: pemOf(key), ca: bundleOf(authorities), servername })
