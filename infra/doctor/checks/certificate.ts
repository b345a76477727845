import type { X509Certificate } from 'node:crypto'
import { decodeBundle } from '../../certs/certificates.ts'
import { dayMs, daysLeft } from '../../certs/lifetime.ts'
import { missingNames, namesOfHost } from '../../certs/server-names.ts'
import type { RegisteredWebhook, RegistrationFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'
import type { ServedCertificate } from '../served-certificate.ts'

const soonDays = 30

/** Says how to renew a certificate. Whoever issued a public one renews it. */
const renewalOf = (caBundle: string | undefined): string =>
  caBundle === undefined
    ? 'renew it with its issuer; ACM renews its own while the DNS record exists'
    : 'flyte-webhook certs rotate, and register the new caBundle'

/** Checks that the API server accepts the server's certificate, now and for a month. */
export const certificateCheck: Check<RegistrationFacts> = {
  name: 'certificate',
  look: ({ registered, served, now }) =>
    whenKnown(registered, (webhook) =>
      whenKnown(served, (shown) =>
        faultsOr(
          faultsOf(shown, webhook, now),
          `signed by ${webhook.caBundle === undefined ? 'a public authority' : 'an authority of the caBundle'}, ${untilText(shown.certificate, now)}`,
        ),
      ),
    ),
}

const faultsOf = (
  { certificate, refusal }: ServedCertificate,
  { url, caBundle }: RegisteredWebhook,
  now: Date,
): readonly Verdict[] => {
  const renewal = renewalOf(caBundle)
  const own = faultsOfServer(certificate, { hostname: new URL(url.base).hostname, renewal, now })
  const trust = own.length === 0 && refusal !== undefined ? [problem(refusal, trustNext(caBundle))] : []
  const soon =
    own.length === 0 && isSoon(certificate, now)
      ? [warning(`the server's certificate expires soon: valid ${untilText(certificate, now)}`, renewal)]
      : []
  return [...own, ...trust, ...soon, ...faultsOfBundle(caBundle, now)]
}

const trustNext = (caBundle: string | undefined): string =>
  caBundle === undefined
    ? 'flyte-webhook register --ca-bundle <file>'
    : 'flyte-webhook register --ca-bundle <file> with the authority of the server certificate'

const faultsOfServer = (
  certificate: X509Certificate,
  { hostname, renewal, now }: { readonly hostname: string; readonly renewal: string; readonly now: Date },
): readonly Verdict[] => {
  if (certificate.validToDate <= now)
    return [
      problem(`the server's certificate has expired: it was valid until ${dateOf(certificate)}`, renewal),
    ]
  if (certificate.validFromDate > now)
    return [
      problem(
        `the server's certificate is not valid before ${certificate.validFromDate.toISOString()}`,
        'check the clocks, or wait',
      ),
    ]
  return missingNames(certificate, namesOfHost(hostname)).map((name) =>
    problem(
      `the server's certificate does not cover ${name}`,
      'register a name that it covers, or create another certificate',
    ),
  )
}

const faultsOfBundle = (caBundle: string | undefined, now: Date): readonly Verdict[] =>
  decodeBundle(caBundle ?? '').flatMap((authority) => {
    const name = authority.subject.replace(/^CN=/u, '').replaceAll('\n', ', ')
    if (authority.validToDate <= now)
      return [warning(`the authority ${name} of the caBundle has expired`, renewalOf(caBundle))]
    return isSoon(authority, now)
      ? [
          warning(
            `the authority ${name} of the caBundle expires soon: valid ${untilText(authority, now)}`,
            renewalOf(caBundle),
          ),
        ]
      : []
  })

const isSoon = ({ validToDate }: X509Certificate, now: Date): boolean =>
  validToDate.getTime() - now.getTime() <= soonDays * dayMs

/** `until 2027-01-31 (68 days)` */
const untilText = (certificate: X509Certificate, now: Date): string =>
  `until ${dateOf(certificate)} (${daysLeft(certificate, now)} days)`

const dateOf = ({ validToDate }: X509Certificate): string => validToDate.toISOString().slice(0, 10)
