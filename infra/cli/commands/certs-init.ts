import { Command, Option } from 'commander'
import type { KeyAlgorithm } from '../../certs/certificate-chain.ts'
import type { Certificates } from '../../certs/certificates.ts'
import { findingsOf } from '../../certs/inspection.ts'
import { updatePlace } from '../../certs/place.ts'
import { missingNames, namesOfUrl, type ServerNames } from '../../certs/server-names.ts'
import { CommandFailure } from '../../failure.ts'
import {
  acmOption,
  daysOption,
  forceConflictsOption,
  openPlace,
  type PlaceOptions,
  withPlaceOptions,
} from '../certificate-place.ts'
import { reportCertificates } from '../certificate-report.ts'
import type { Context } from '../context.ts'
import { dryRunOption } from '../options.ts'
import { outputOption } from '../output.ts'

interface InitOptions extends PlaceOptions {
  readonly url: string
  readonly algorithm: KeyAlgorithm
  readonly validityDays: number
  readonly caValidityDays: number
  readonly forceConflicts: boolean
  readonly dryRun: boolean
  readonly output: 'text' | 'json'
}

/** `flyte-webhook certs init`. */
export const createCertsInitCommand = (context: Context): Command =>
  withPlaceOptions(new Command('init'))
    .description('create an authority and a server certificate that it signs, unless they exist')
    .requiredOption('--url <url>', "the webhook's URL; the certificate is for its host")
    .addOption(acmOption({ orNew: true }))
    .addOption(
      new Option('--algorithm <name>', 'ECDSA P-256, or RSA with 2048 bits')
        .choices(['ecdsa', 'rsa'])
        .default('ecdsa'),
    )
    .addOption(daysOption('--validity-days', 'the lifetime of the server certificate').default(365))
    .addOption(daysOption('--ca-validity-days', 'the lifetime of the authority').default(3650))
    .addOption(forceConflictsOption())
    .addOption(dryRunOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
Example:
  flyte-webhook certs init --url https://hooks.example.com/ --directory certs
  flyte-webhook certs init --url https://hooks.example.com/ --directory certs \\
    --acm new
  flyte-webhook certs init --url https://hooks.example.com/ \\
    --secret flyte/flyte-pod-webhook

The authority's key is never stored: a rotation creates a new authority. Valid
certificates are kept, so you can run this again. AWS's guide requires a
certificate of a public authority on a Regional domain of API Gateway.`,
    )
    .action((options: InitOptions) => init(context, options))

const init = async (context: Context, options: InitOptions): Promise<void> => {
  const { createCertificates } = await import('../../certs/rotation.ts')
  const { url, algorithm, validityDays, caValidityDays: authorityValidityDays } = options
  const wish = { names: namesOfUrl(url), algorithm, validityDays, authorityValidityDays }
  const now = context.now()
  const { place } = await openPlace(options)
  const work = updatePlace(
    place,
    async (before) => {
      if (before === undefined)
        return { step: 'made', certificates: await createCertificates(wish, now) } as const
      requireGood(before, { names: wish.names, where: place.name, now })
      return { step: 'kept', certificates: before } as const
    },
    options,
  )
  const change = await context.terminal.wait('making certificates', work)
  await reportCertificates(context, { ...change, place, now, options })
}

/** Fails unless the existing certificates match the request. They are never replaced, because clients trust them. */
const requireGood = (
  certificates: Certificates,
  { names, where, now }: { readonly names: ServerNames; readonly where: string; readonly now: Date },
): void => {
  const missing = missingNames(certificates.current.certificate, names)
  if (missing.length > 0)
    throw new CommandFailure(
      `the ${where} contains a certificate that does not cover ${missing.join(', ')}: \`flyte-webhook certs rotate --url\` changes its names`,
    )
  const problem = findingsOf(certificates, now).find(({ level }) => level === 'problem')
  if (problem !== undefined)
    throw new CommandFailure(
      `in the ${where}, ${problem.message}: \`flyte-webhook certs rotate --force\` creates another`,
    )
}
