import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { wrongUsage } from '../failure.ts'

/** The names that a server's certificate is for. */
export interface ServerNames {
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly string[]
}

/** The name in a URL. What is wrong with one is said without the URL itself, which may hold a caller's token. */
export const namesOfUrl = (text: string): ServerNames => {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.hostname.includes('*'))
    throw wrongUsage('--url is not the https URL of a webhook: it is written like https://hooks.example.com/')
  return namesOfHost(url.hostname)
}

/** The name of a host as URLs have it, where an IPv6 address stands in brackets. */
export const namesOfHost = (hostname: string): ServerNames => {
  const host = hostname.replace(/^\[|\]$/gu, '')
  return isIP(host) === 0 ? { dnsNames: [host], ipAddresses: [] } : { dnsNames: [], ipAddresses: [host] }
}

/** The alternative names of a certificate; Node writes them as `DNS:localhost, IP Address:127.0.0.1`. */
export const namesOfCertificate = ({ subjectAltName = '' }: X509Certificate): ServerNames => {
  const ofKind = (kind: string): readonly string[] =>
    subjectAltName
      .split(', ')
      .filter((name) => name.startsWith(kind))
      .map((name) => name.slice(kind.length))
  return { dnsNames: ofKind('DNS:'), ipAddresses: ofKind('IP Address:') }
}

/** Whether two certificates are for the very same alternative names, of whatever kind; those that have none are not. */
export const haveSameNames = (one: X509Certificate, other: X509Certificate): boolean => {
  const namesOf = ({ subjectAltName = '' }: X509Certificate): string =>
    subjectAltName.toLowerCase().split(', ').toSorted().join()
  return namesOf(one) !== '' && namesOf(one) === namesOf(other)
}

/** The names that a certificate is not for. */
export const missingNames = (
  certificate: X509Certificate,
  { dnsNames, ipAddresses }: ServerNames,
): readonly string[] => [
  ...dnsNames.filter((name) => certificate.checkHost(name) === undefined),
  ...ipAddresses.filter((address) => certificate.checkIP(address) === undefined),
]
