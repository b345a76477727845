import type { V1MutatingWebhook } from '@kubernetes/client-node'
import { decodeBundle } from '../certs/certificates.ts'
import { daysLeft } from '../certs/lifetime.ts'
import { describeWebhook, withoutToken } from '../registration/description.ts'
import type { RegistrationFacts } from './facts.ts'

/** The registration and the deployed function, for a program. */
export interface Summary {
  /** Undefined if the API server refuses to say. */
  readonly isRegistered: boolean | undefined
  /** Undefined if the API server refuses to say. */
  readonly isGuarded: boolean | undefined
  /** The name in the URL that the cluster calls. */
  readonly cluster: string | undefined
  /** Without its token. */
  readonly webhook: V1MutatingWebhook | undefined
  readonly authorities: readonly Authority[]
  readonly deployed: Deployed | undefined
  /** The digest of `--config`. */
  readonly configDigest: string
}

/** An authority of the `caBundle`. */
interface Authority {
  readonly subject: string
  /** ISO 8601. */
  readonly notAfter: string
  readonly daysLeft: number
}

interface Deployed {
  readonly version: string
  readonly configDigest: string
}

/** Summarises facts, without the token. */
export const summaryOf = ({
  registration,
  registered,
  isGuarded,
  answer,
  config,
  now,
}: RegistrationFacts): Summary => {
  const webhook = registered.kind === 'known' ? registered.value : undefined
  return {
    isRegistered: registration.kind === 'known' ? webhook !== undefined : undefined,
    isGuarded: isGuarded.kind === 'known' ? isGuarded.value : undefined,
    cluster: webhook?.url.cluster,
    webhook: webhook && withoutToken(webhook.webhook),
    authorities: decodeBundle(webhook?.caBundle ?? '').map((authority) => ({
      subject: authority.subject,
      notAfter: authority.validToDate.toISOString(),
      daysLeft: daysLeft(authority, now),
    })),
    deployed:
      answer.kind === 'known' && answer.value.kind === 'answers'
        ? { version: answer.value.version, configDigest: answer.value.configDigest }
        : undefined,
    configDigest: config.digest,
  }
}

/** Returns the same for a person; empty if nothing is registered. */
export const summaryLines = (facts: RegistrationFacts): readonly string[] => {
  if (facts.registered.kind === 'unknown') return []
  const { cluster, authorities, deployed, configDigest } = summaryOf(facts)
  const isSame = deployed?.configDigest === configDigest
  return [
    ...describeWebhook(facts.registered.value.webhook),
    `  cluster     ${cluster}`,
    ...authorities.map(
      ({ subject, notAfter, daysLeft: days }) =>
        `  caBundle    ${subject.replace(/^CN=/u, '')}, until ${notAfter.slice(0, 10)} (${days} days)`,
    ),
    deployed === undefined
      ? '  function    does not answer this machine'
      : `  function    version ${deployed.version}, configuration ${deployed.configDigest}, ${isSame ? 'the same as' : 'different from'} --config`,
    '',
  ]
}
