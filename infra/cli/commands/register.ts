import type { V1MutatingWebhook, V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import { Command } from 'commander'
import type { Config } from '../../../lib/config/config.ts'
import { CommandFailure, wrongUsage } from '../../failure.ts'
import type { ClusterOptions } from '../../kubernetes/cluster.ts'
import { describeWebhook, withoutToken } from '../../registration/description.ts'
import { createGuard } from '../../registration/guard.ts'
import { evaluatesCel } from '../../registration/kubernetes-version.ts'
import { probe } from '../../registration/probe.ts'
import type { Installed } from '../../registration/installation.ts'
import { createRegistration, registrationRef } from '../../registration/registration.ts'
import { maskedUrl, revealedUrl, type WebhookUrl } from '../../registration/webhook-url.ts'
import type { Context } from '../context.ts'
import { contextOption, dryRunOption, kubeconfigOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'
import {
  addRegistrationOptions,
  type RegistrationFlags,
  type RegistrationInput,
  readRegistrationInput,
  requireCel,
} from '../registration-options.ts'

interface RegisterFlags extends RegistrationFlags, ClusterOptions {
  readonly skipProbe: boolean
  readonly forceConflicts: boolean
  readonly dryRun: boolean
  readonly output: Exclude<OutputFormat, 'yaml'>
}

/** `flyte-webhook register`: makes an API server send pods to the function (specification §10). */
export const createRegisterCommand = (context: Context): Command =>
  addRegistrationOptions(
    new Command('register').description(
      'check that the URL answers, register the webhook in a cluster, and print the registration',
    ),
  )
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .option('--skip-probe', 'register a URL that this machine cannot reach', false)
    .option('--force-conflicts', 'take over fields that another field manager owns, as in kubectl', false)
    .addOption(dryRunOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `
Example:
  flyte-webhook register --cluster production --token-file token --guard \\
    --url https://abc.execute-api.eu-west-1.amazonaws.com/production`,
    )
    .action((flags: RegisterFlags) => register(flags, context))

const register = async (flags: RegisterFlags, context: Context): Promise<void> => {
  const { terminal } = context
  const { token, ...input } = await readRegistrationInput(flags, context)
  if (token === undefined)
    throw wrongUsage('the token is missing: name its file with --token-file, or set FLYTE_WEBHOOK_TOKEN')
  const url: WebhookUrl = { base: input.base, cluster: input.cluster, token }
  const guard = flags.guard ? createGuard(input.config, input.breakGlass) : []
  const { connect } = await import('../../kubernetes/cluster.ts')
  const { install, isGuarded, refuseInClusterWebhook } = await import('../../registration/installation.ts')
  const cluster = connect(flags)
  const kubernetesVersion = await cluster.version()
  const isCelEvaluated = evaluatesCel(kubernetesVersion)
  requireCel(isCelEvaluated, flags)
  if (!flags.skipProbe) await requireAnswer(url, input, context)
  await refuseInClusterWebhook(cluster, input.config)
  const { noteEnvFiles } = await import('../env-file-notes.ts')
  await noteEnvFiles(cluster, { ...input, name: input.cluster, kubernetesVersion }, terminal)
  if (isCelEvaluated && !flags.guard && (await isGuarded(cluster))) checkLeftGuard(input.config, context)
  const registration = createRegistration(input.config, {
    ...input,
    url: revealedUrl(url),
    failurePolicy: flags.failurePolicy,
    isCelEvaluated,
  })
  const installed = await install(cluster, [registration, ...guard], {
    force: flags.forceConflicts,
    dryRun: flags.dryRun,
  })
  const webhooks = flags.dryRun
    ? registration.webhooks
    : (await cluster.read<V1MutatingWebhookConfiguration>(registrationRef))?.webhooks
  terminal.write(written(flags, installed, webhooks ?? []))
}

/** Fails unless the function answers at the URL. Warns if it runs another configuration. */
const requireAnswer = async (
  url: WebhookUrl,
  { config, caBundle }: Omit<RegistrationInput, 'token'>,
  { terminal }: Context,
): Promise<void> => {
  const timeoutMs = config.function.registration.timeoutSeconds * 1000
  const trust = caBundle === undefined ? {} : { caBundle }
  const result = await terminal.wait('calling the webhook', probe(url, { timeoutMs, ...trust }))
  if (result.kind === 'fails') {
    throw new CommandFailure(
      `${maskedUrl(revealedUrl(url))}: ${result.why}; nothing was registered (--skip-probe registers it anyway)`,
    )
  }
  if (result.configDigest !== config.digest)
    terminal.warn(
      `the function runs the configuration ${result.configDigest}, but this registration is for ${config.digest}: deploy what you register`,
    )
}

/** Checks a guard from an earlier registration, which stays unchanged. */
const checkLeftGuard = ({ function: { onFailure } }: Config, { terminal }: Context): void => {
  if (onFailure === 'admit')
    throw new CommandFailure(
      'the guard in the cluster would refuse the pods that function.onFailure: admit lets through: flyte-webhook unregister removes it',
    )
  terminal.warn('the guard of an earlier registration stays unchanged: --guard updates it')
}

const written = (
  { dryRun, output }: RegisterFlags,
  installed: readonly Installed[],
  webhooks: readonly V1MutatingWebhook[],
): string => {
  if (output === 'json') {
    const objects = installed.map(({ ref: { kind, metadata }, change }) => ({
      kind,
      name: metadata.name,
      change,
    }))
    return document({ dryRun, objects, webhooks: webhooks.map(withoutToken) })
  }
  return [
    ...installed.map(
      ({ ref, change }) => `${ref.kind} ${ref.metadata.name}: ${dryRun ? wouldBe[change] : change}`,
    ),
    '',
    ...webhooks.flatMap(describeWebhook),
  ].join('\n')
}

const wouldBe = {
  created: 'would be created',
  changed: 'would be changed',
  unchanged: 'would be unchanged',
} as const satisfies Record<Installed['change'], string>
