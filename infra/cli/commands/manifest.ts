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

/** Replaces a token that must not be in Git. */
const placeholder = '${FLYTE_WEBHOOK_TOKEN}'

/** `flyte-webhook manifest`: the registration for GitOps (specification §10). */
export const createManifestCommand = (context: Context): Command =>
  addRegistrationOptions(
    new Command('manifest').description(
      `write the MutatingWebhookConfiguration for GitOps, with the token, or with ${placeholder} if none is given`,
    ),
  )
    .option(
      '--kubernetes-version <version>',
      "the cluster's version; before 1.30, matchConditions are left out",
      '1.30',
    )
    .addOption(outputOption(['yaml', 'json']))
    .addHelpText(
      'after',
      `
Example:
  flyte-webhook manifest --cluster production --guard > webhook.k8s.yaml \\
    --url https://abc.execute-api.eu-west-1.amazonaws.com/production
  FLYTE_WEBHOOK_TOKEN=$(cat token) envsubst < webhook.k8s.yaml |
    kubectl apply --server-side -f -`,
    )
    .action(async (flags: ManifestFlags) => {
      const input = await readRegistrationInput(flags, context)
      const isCelEvaluated = evaluatesCel(flags.kubernetesVersion)
      requireCel(isCelEvaluated, flags)
      if (input.token === undefined)
        context.terminal.note(
          `the URL contains ${placeholder} instead of the token: replace it when you apply the manifest`,
        )
      else
        context.terminal.warn(
          'the URL contains the token: keep the manifest out of Git, and show it to nobody',
        )
      const { config, token = new SecretValue(placeholder), breakGlass } = input
      const registration = createRegistration(config, {
        ...input,
        url: revealedUrl({ ...input, token }),
        failurePolicy: flags.failurePolicy,
        isCelEvaluated,
      })
      const objects = [registration, ...(flags.guard ? createGuard(config, breakGlass) : [])]
      context.terminal.write(await written(flags.output, objects))
    })

/** Formats objects for kubectl: YAML documents, or one JSON object. */
const written = async (format: ManifestFlags['output'], objects: readonly object[]): Promise<string> => {
  if (format === 'yaml') {
    const { stringify } = await import('yaml')
    return objects.map((object) => stringify(object).trimEnd()).join('\n---\n')
  }
  const [only, ...more] = objects
  return document(more.length === 0 ? only : { apiVersion: 'v1', kind: 'List', items: objects })
}
