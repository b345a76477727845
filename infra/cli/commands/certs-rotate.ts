import { Command, Option } from 'commander'
import type { KeyAlgorithm } from '../../certs/certificate-chain.ts'
import type { Certificates } from '../../certs/certificates.ts'
import { noCertificates, updatePlace } from '../../certs/place.ts'
import type { CertificateWish } from '../../certs/rotation.ts'
import { namesOfUrl } from '../../certs/server-names.ts'
import { CommandFailure } from '../../failure.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
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

interface RotateOptions extends PlaceOptions {
  readonly activate: boolean
  readonly force: boolean
  readonly skipTrustCheck: boolean
  readonly forceConflicts: boolean
  readonly url?: string
  readonly algorithm?: KeyAlgorithm
  readonly validityDays?: number
  readonly caValidityDays?: number
  readonly dryRun: boolean
  readonly output: 'text' | 'json'
}

const asNow = 'by default, unchanged'

/** `flyte-webhook certs rotate`. */
export const createCertsRotateCommand = (context: Context): Command =>
  withPlaceOptions(new Command('rotate'))
    .description('create the next authority and server certificate, and later activate them')
    .addOption(acmOption({ orNew: false }))
    .option('--activate', 'the second step: switch the server to the next certificate', false)
    .addOption(
      new Option('--force', 'rotate even if no rotation is due').default(false).conflicts('activate'),
    )
    .option(
      '--skip-trust-check',
      'with --activate, do not check that the cluster accepts the next certificate',
      false,
    )
    .option('--url <url>', `the webhook's URL, if it has changed; ${asNow}`)
    .addOption(
      new Option('--algorithm <name>', `ECDSA P-256, or RSA with 2048 bits; ${asNow}`).choices([
        'ecdsa',
        'rsa',
      ]),
    )
    .addOption(daysOption('--validity-days', `the lifetime of the server certificate; ${asNow}`))
    .addOption(daysOption('--ca-validity-days', `the lifetime of the authority; ${asNow}`))
    .addOption(forceConflictsOption())
    .addOption(dryRunOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
A rotation is due in the last third of a certificate's life. It has two steps,
so that no call fails in between:
  1. rotate             creates the next authority and certificate, and adds the
                        authority to the bundle ca.crt
     register           gives every cluster the bundle with both
  2. rotate --activate  switches the server to the next certificate; if
                        --secret, --kubeconfig or --context names a cluster,
                        only if its webhooks for this server accept it
The old authority leaves the bundle when its last certificate has expired. A
step with nothing to do changes nothing, so you can run all of them from cron. A
new --url is the exception: no server shows the certificates of both, so
register it with --skip-probe and activate at once.

Example:
  flyte-webhook certs rotate --directory certs &&
    flyte-webhook register --url https://hooks.example.com --cluster eu \\
      --token-file token --ca-bundle certs/ca.crt && sleep 60 &&
    flyte-webhook certs rotate --directory certs --activate`,
    )
    .action((options: RotateOptions) => rotate(context, options))

const rotate = async (context: Context, options: RotateOptions): Promise<void> => {
  const { activateRotation, prepareRotation } = await import('../../certs/rotation.ts')
  const { activate, force, skipTrustCheck, url, algorithm, validityDays, caValidityDays } = options
  const wish: Partial<CertificateWish> = {
    ...(url !== undefined && { names: namesOfUrl(url) }),
    ...(algorithm && { algorithm }),
    ...(validityDays !== undefined && { validityDays }),
    ...(caValidityDays !== undefined && { authorityValidityDays: caValidityDays }),
  }
  const now = context.now()
  const { place, cluster } = await openPlace(options)
  const work = updatePlace(
    place,
    async (before) => {
      if (before === undefined) throw noCertificates(place)
      if (!activate) return prepareRotation(before, { wish, force, now })
      if (cluster !== undefined && !skipTrustCheck) await requireTrust(cluster, before)
      return activateRotation(before, now)
    },
    options,
  )
  const rotation = await context.terminal.wait(activate ? 'activating' : 'rotating', work)
  await reportCertificates(context, { ...rotation, place, now, options })
}

/** Fails if clients of the cluster would refuse the next certificate. */
const requireTrust = async (cluster: Cluster, { current, next }: Certificates): Promise<void> => {
  if (next === undefined) return
  const { findObjections } = await import('../../certs/registrations.ts')
  const objections = await findObjections(cluster, {
    current: current.certificate,
    next: next.certificate,
  })
  if (objections.length > 0)
    throw new CommandFailure(
      `${objections.join('; ')}: update the registrations with \`flyte-webhook register\` first, or activate anyway with --skip-trust-check`,
    )
}
