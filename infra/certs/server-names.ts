import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { wrongUsage } from '../failure.ts'

/** The names that a server's certificate covers. */
export interface ServerNames {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
}

/** Returns the name in a URL. Errors do not quote the URL, because it may hold a caller's token. */
export const namesOfUrl = (text: string): ServerNames => {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.hostname.includes('*'))
    throw wrongUsage('--url is not the https URL of a webhook: write it like https://hooks.example.com/')
  return namesOfHost(url.hostname)
}

/** Returns the name of a URL's host. URLs write an IPv6 address in brackets. */
export const namesOfHost = (hostname: string): ServerNames => {
  const host = hostname.replace(/^\[|\]$/gu, '')
  return isIP(host) === 0 ? { dnsNames: [host], ipAddresses: [] } : { dnsNames: [], ipAddresses: [host] }
}

/** Returns the alternative names of a certificate. Node writes them as `DNS:localhost, IP Address:127.0.0.1`. */
export const namesOfCertificate = ({ subjectAltName = '' }: X509Certificate): ServerNames => {
  const ofKind = (kind: string): readonly string[] =>
    subjectAltName
      .split(', ')
      .filter((name) => name.startsWith(kind))
      .map((name) => name.slice(kind.length))
  return { dnsNames: ofKind('DNS:'), ipAddresses: ofKind('IP Address:') }
}

/** Whether two certificates have the same alternative names, of any kind. False if they have none. */
export const haveSameNames = (one: X509Certificate, other: X509Certificate): boolean => {
  const namesOf = ({ subjectAltName = '' }: X509Certificate): string =>
    subjectAltName.toLowerCase().split(', ').toSorted().join()
  return namesOf(one) !== '' && namesOf(one) === namesOf(other)
}

/** Returns the names that a certificate does not cover. */
export const missingNames = (
  certificate: X509Certificate,
  { dnsNames, ipAddresses }: ServerNames,
): readonly string[] => [
  ...dnsNames.filter((name) => certificate.checkHost(name) === undefined),
  ...ipAddresses.filter((address) => certificate.checkIP(address) === undefined),
]
