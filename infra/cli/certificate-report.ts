import { bundleOf, type Certificates } from '../certs/certificates.ts'
import { type CertificateFacts, factsOf } from '../certs/inspection.ts'
import type { Place } from '../certs/place.ts'
import type { Step } from '../certs/rotation.ts'
import { connectAcm } from './certificate-place.ts'
import type { Context } from './context.ts'
import { document } from './output.ts'
import type { Terminal } from './terminal.ts'

/** What a command has done to certificates, or would do. */
export interface CertificateChange {
  readonly step: Step | 'made' | 'kept'
  readonly isChanged: boolean
  readonly certificates: Certificates
  readonly place: Place
  readonly now: Date
  readonly options: {
    readonly acm?: string
    readonly dryRun: boolean
    readonly output: 'text' | 'json'
  }
}

/** What each step has come to, and what the operator has to do then. */
const steps = {
  made: { says: 'made an authority and a server certificate', next: 'register' },
  kept: { says: 'kept what is there: it is good', next: 'nothing' },
  prepared: { says: 'made the next certificate, and added its authority to the bundle', next: 'activate' },
  waiting: { says: 'the next certificate waits to be activated', next: 'activate' },
  activated: { says: "the next certificate is the server's now", next: 'nothing' },
  tidied: { says: 'dropped authorities whose last certificate has expired', next: 'register' },
  idle: { says: 'no rotation is due', next: 'nothing' },
  'nothing-prepared': { says: 'no certificate waits to be activated', next: 'nothing' },
} as const satisfies Record<
  CertificateChange['step'],
  { readonly says: string; readonly next: 'nothing' | 'register' | 'activate' }
>

/**
 * Brings ACM up to what a place holds, if the command line names it, and tells what was done. ACM comes last: whatever a
 * killed run has left undone there, the next one does.
 */
export const reportCertificates = async (
  { terminal }: Context,
  { step, isChanged, certificates, place, now, options }: CertificateChange,
): Promise<void> => {
  const { dryRun, output } = options
  const acm = await bringAcmUp(terminal, certificates, options)
  const { says, next } = steps[step]
  const facts = factsOf(certificates, now)
  if (output === 'json') {
    const caBundle = bundleOf(certificates.authorities)
    terminal.write(
      document('json', { step, isChanged, dryRun, place: place.name, acm, caBundle, certificates: facts }),
    )
    return
  }
  terminal.write(`${place.name}: ${says}${dryRun ? ' (dry run: nothing is changed)' : ''}`)
  for (const one of facts) terminal.write(certificateLine(one))
  if (acm !== undefined)
    terminal.write(`  ACM        ${acm.arn ?? 'a new certificate'}${acm.isChanged ? ', imported' : ''}`)
  if (next !== 'nothing') terminal.note(['next:', ...commandsAfter(place, next)].join('\n  '))
}

const commandsAfter = ({ option, bundle }: Place, next: 'register' | 'activate'): readonly string[] => [
  ...(bundle.command === undefined ? [] : [bundle.command]),
  `flyte-webhook register --ca-bundle ${bundle.file}    # for every cluster that calls the webhook`,
  ...(next === 'activate' ? [`flyte-webhook certs rotate ${option} --activate`] : []),
]

/** One line about one certificate. */
export const certificateLine = ({ role, subject, names, notAfter, daysLeft }: CertificateFacts): string => {
  const who = role === 'authority' ? subject.replace(/^CN=/u, '') : names.join(', ')
  return `  ${role.padEnd(10)} ${who}, until ${notAfter.slice(0, 10)} (${daysLeft} days)`
}

const bringAcmUp = async (
  terminal: Terminal,
  certificates: Certificates,
  { acm: target, dryRun }: CertificateChange['options'],
) => {
  if (target === undefined) return undefined
  const { importIntoAcm } = await import('../certs/acm.ts')
  const work = importIntoAcm(await connectAcm(target), certificates, { target, dryRun })
  return terminal.wait('asking ACM', work)
}
