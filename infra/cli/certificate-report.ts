import type { Import } from '../certs/acm.ts'
import { bundleOf, type Certificates } from '../certs/certificates.ts'
import { type CertificateFacts, factsOf } from '../certs/inspection.ts'
import type { Place } from '../certs/place.ts'
import type { Step } from '../certs/rotation.ts'
import { connectAcm } from './certificate-place.ts'
import type { Context } from './context.ts'
import { activateCommand, type CertificateSetting, registerCommands } from './next-commands.ts'
import { document } from './output.ts'
import type { Terminal } from './terminal.ts'

/** What a command has changed, or would change. */
export interface CertificateChange {
  readonly step: Step | 'made' | 'kept'
  readonly isChanged: boolean
  /** The certificates before the change. After a dry run they are still in place. */
  readonly before: Certificates | undefined
  readonly certificates: Certificates
  readonly place: Place
  readonly now: Date
  readonly options: CertificateSetting['options'] & {
    readonly dryRun: boolean
    readonly output: 'text' | 'json'
  }
}

interface StepText {
  readonly says: string
  /** For a dry run; undefined if the step changes nothing. */
  readonly would?: string
  /** What the operator must do next. */
  readonly next: 'nothing' | 'register' | 'activate'
}

const steps: Readonly<Record<CertificateChange['step'], StepText>> = {
  made: {
    says: 'created an authority and a server certificate',
    would: 'would create an authority and a server certificate',
    next: 'register',
  },
  kept: { says: 'kept the existing certificates: they are valid', next: 'nothing' },
  prepared: {
    says: 'created the next certificate, and added its authority to the bundle',
    would: 'would create the next certificate, and add its authority to the bundle',
    next: 'activate',
  },
  waiting: { says: 'the next certificate is ready to activate', next: 'activate' },
  activated: {
    says: 'activated the next certificate',
    would: 'would activate the next certificate',
    next: 'nothing',
  },
  tidied: {
    says: 'dropped authorities whose last certificate has expired',
    would: 'would drop authorities whose last certificate has expired',
    next: 'register',
  },
  idle: { says: 'no rotation is due', next: 'nothing' },
  'nothing-prepared': { says: 'no next certificate is ready to activate', next: 'nothing' },
}

/**
 * Updates ACM from the place, if the command line names it, and reports the result. ACM comes last: if a run is killed before,
 * the next run finishes the work. A dry run hides certificates that it creates only for itself.
 */
export const reportCertificates = async ({ terminal }: Context, change: CertificateChange): Promise<void> => {
  const { step, isChanged, before, certificates, place, now, options } = change
  const { dryRun, output } = options
  const acm = await bringAcmUp(terminal, certificates, options)
  const held = dryRun ? before : certificates
  const facts = held === undefined ? [] : factsOf(held, now)
  if (output === 'json') {
    const bundle = dryRun ? {} : { caBundle: bundleOf(certificates.authorities) }
    terminal.write(
      document({ step, isChanged, dryRun, place: place.name, acm, ...bundle, certificates: facts }),
    )
    return
  }
  const { says, would = says } = steps[step]
  terminal.write(`${place.name}: ${dryRun ? `${would} (dry run: nothing changed)` : says}`)
  for (const one of facts) terminal.write(certificateLine(one))
  if (acm !== undefined) terminal.write(acmLine(acm, dryRun))
  if (!(dryRun && isChanged)) noteNext(terminal, change)
}

const acmLine = ({ arn = 'a new certificate', isChanged }: Import, dryRun: boolean): string => {
  const imported = dryRun ? ', would be imported' : ', imported'
  return `  ACM        ${arn}${isChanged ? imported : ''}`
}

const noteNext = (terminal: Terminal, change: CertificateChange): void => {
  const { next } = steps[change.step]
  if (next === 'nothing') return
  const activate = next === 'activate' ? [activateCommand(change)] : []
  terminal.note(['next:', ...registerCommands(change), ...activate].join('\n  '))
}

/** Returns one line about one certificate. */
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
