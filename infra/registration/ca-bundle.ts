import { X509Certificate } from 'node:crypto'
import { blocksOf } from '../certs/certificates.ts'
import { wrongUsage } from '../failure.ts'

/**
 * Reads the certificate authorities for an API server to trust, in PEM. Refuses a private key, which must not reach a cluster.
 * `file` is for the message only.
 */
export const parseCaBundle = (text: string, file: string): string => {
  if (text.includes('PRIVATE KEY-----')) {
    throw wrongUsage(`${file}: contains a private key, which must stay secret: give only the certificate`)
  }
  const blocks = blocksOf(text)
  if (blocks.length === 0)
    throw wrongUsage(`${file}: contains no certificate in PEM (-----BEGIN CERTIFICATE-----)`)
  for (const [index, pem] of blocks.entries()) {
    if (!isCertificate(pem)) throw wrongUsage(`${file}: certificate ${index + 1} cannot be read`)
  }
  return `${blocks.join('\n')}\n`
}

const isCertificate = (pem: string): boolean => {
  try {
    void new X509Certificate(pem)
    return true
  } catch {
    return false
  }
}
