import { describe, expect, it } from 'vitest'
import { createCertificateChain } from '../../infra/certs/certificate-chain.ts'
import { parseCaBundle } from '../../infra/registration/ca-bundle.ts'

const chain = await createCertificateChain({
  dnsNames: ['localhost'],
  ipAddresses: [],
  notBefore: new Date(0),
  notAfter: new Date(1),
})

describe('a CA bundle', () => {
  it('contains the certificates of a file, without the text around them', () => {
    const bundle = parseCaBundle(`subject=/CN=x\n${chain.ca}\n# another\r\n${chain.cert}`, 'ca.pem')
    expect(bundle).toBe(chain.ca + chain.cert)
  })

  it.each([
    { what: 'nothing', text: '', says: 'contains no certificate' },
    { what: 'DER', text: '\u{30}\u{82}', says: 'contains no certificate' },
    {
      what: 'a private key beside the certificate',
      text: chain.cert + chain.key,
      says: 'contains a private key',
    },
    {
      what: 'a broken certificate',
      text: `${chain.ca}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n`,
      says: 'certificate 2 cannot be read',
    },
  ])('is not a file with $what', ({ text, says }) => {
    expect(() => parseCaBundle(text, 'ca.pem')).toThrow(
      expect.objectContaining({ status: 2, message: expect.stringContaining(`ca.pem: ${says}`) }),
    )
  })
})
