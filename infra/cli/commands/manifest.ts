import { Command } from 'commander'
import { SecretValue } from '../../../lib/secret-value.ts'
import { createGuard } from '../../registration/guard.ts'
import { evaluatesCel } from '../../registration/kubernetes-version.ts'
import { createRegistration } from '../../registration/registration.ts'
import { revealedUrl } from '../../registration/webhook-url.ts'
import type { Context } from '../context.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'
import {
  addRegistrationOptions,
  type RegistrationFlags,
  readRegistrationInput,
  requireCel,
} from '../registration-options.ts'

interface ManifestFlags extends RegistrationFlags {
  readonly kubernetesVersion: string
  readonly output: Exclude<OutputFormat, 'text'>
}

/** In the place of a token that is not to stand in Git. */
const placeholder = '${FLYTE_WEBHOOK_TOKEN}'

/** `flyte-webhook manifest`: the registration for GitOps (specification §10). */
export const createManifestCommand = (context: Context): Command =>
  addRegistrationOptions(
    new Command('manifest').description(
      `write the MutatingWebhookConfiguration, for GitOps; it holds the token, or ${placeholder} where none is given`,
    ),
  )
    .option(
      '--kubernetes-version <version>',
      "the cluster's; before 1.30 there are no matchConditions",
      '1.30',
    )
    .addOption(outputOption(['yaml', 'json']))
    .addHelpText(
      'after',
      `
Example:
  flyte-webhook manifest --url https://abc.execute-api.eu-west-1.amazonaws.com/prod --cluster production --guard > webhook.k8s.yaml
  FLYTE_WEBHOOK_TOKEN=$(cat token) envsubst < webhook.k8s.yaml | kubectl apply --server-side -f -`,
    )
    .action(async (flags: ManifestFlags) => {
      const input = await readRegistrationInput(flags, context)
      const isCelEvaluated = evaluatesCel(flags.kubernetesVersion)
      requireCel(isCelEvaluated, flags)
      context.terminal.note(
        input.token === undefined
          ? `the URL holds ${placeholder} for the token: replace it when this is applied`
          : 'the URL holds the token: this is not for Git, nor for other eyes',
      )
      const { config, token = new SecretValue(placeholder), breakGlass } = input
      const registration = createRegistration(config, {
        ...input,
        url: revealedUrl({ ...input, token }),
        failurePolicy: flags.failurePolicy,
        isCelEvaluated,
      })
      const objects = [registration, ...(flags.guard ? createGuard(config, breakGlass) : [])]
      context.terminal.write(written(flags.output, objects))
    })

/** As kubectl reads it: documents of YAML, or one JSON object. */
const written = (format: ManifestFlags['output'], objects: readonly object[]): string => {
  if (format === 'yaml') return objects.map((object) => document('yaml', object)).join('\n---\n')
  const [only, ...more] = objects
  return document('json', more.length === 0 ? only : { apiVersion: 'v1', kind: 'List', items: objects })
}
