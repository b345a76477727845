import { Command } from 'commander'
import { type Certificates, decodeCertificates } from '../../certs/certificates.ts'
import { factsOf, type CertificateFinding, findingsOf } from '../../certs/inspection.ts'
import { noCertificates } from '../../certs/place.ts'
import { exitStatus } from '../../failure.ts'
import {
  acmOption,
  connectAcm,
  openPlace,
  type PlaceOptions,
  withPlaceOptions,
} from '../certificate-place.ts'
import { certificateLine } from '../certificate-report.ts'
import type { Context } from '../context.ts'
import { worstAsStatus } from '../finding-lines.ts'
import { document, outputOption } from '../output.ts'

interface StatusOptions extends PlaceOptions {
  readonly output: 'text' | 'json'
}

/** `flyte-webhook certs status`. */
export const createCertsStatusCommand = (context: Context): Command =>
  withPlaceOptions(new Command('status'))
    .description('show the certificates and their lifetimes, and check that they match')
    .addOption(acmOption({ orNew: false }))
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
${worstAsStatus}

Example:
  flyte-webhook certs status --secret flyte/flyte-pod-webhook`,
    )
    .action((options: StatusOptions) => status(context, options))

const status = async ({ terminal, now }: Context, options: StatusOptions): Promise<void> => {
  const at = now()
  const { place } = await openPlace(options)
  const { files } = await terminal.wait('reading', place.read())
  const certificates = decodeCertificates(files, place.name)
  if (certificates === undefined) throw noCertificates(place)
  const facts = factsOf(certificates, at)
  const findings = [...findingsOf(certificates, at), ...(await findingsInAcm(certificates, options.acm))]
  if (options.output === 'json')
    terminal.write(document({ place: place.name, certificates: facts, findings }))
  else {
    terminal.write(place.name)
    for (const one of facts) terminal.write(certificateLine(one))
    for (const { level, message } of findings)
      terminal.write(`${terminal.styled(level === 'problem' ? 'red' : 'yellow', `${level}:`)} ${message}`)
  }
  process.exitCode = statusOf(findings)
}

const findingsInAcm = async (
  { current }: Certificates,
  arn: string | undefined,
): Promise<readonly CertificateFinding[]> => {
  if (arn === undefined) return []
  const { readFromAcm } = await import('../../certs/acm.ts')
  const imported = await readFromAcm(await connectAcm(arn), arn)
  if (imported.raw.equals(current.certificate.raw)) return []
  return [
    {
      level: 'problem',
      message: 'ACM contains another certificate: `flyte-webhook certs rotate --acm` imports this one',
    },
  ]
}

const statusOf = (findings: readonly CertificateFinding[]): number => {
  if (findings.length === 0) return exitStatus.ok
  return findings.some(({ level }) => level === 'problem') ? exitStatus.failed : exitStatus.warning
}
