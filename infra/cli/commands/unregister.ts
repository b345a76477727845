import type { KubernetesObject, V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import { Command } from 'commander'
import type { ClusterOptions } from '../../kubernetes/cluster.ts'
import { describeWebhook, withoutToken } from '../../registration/description.ts'
import type { Removed } from '../../registration/installation.ts'
import type { Context } from '../context.ts'
import { contextOption, dryRunOption, kubeconfigOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

interface UnregisterFlags extends ClusterOptions {
  readonly force: boolean
  readonly dryRun: boolean
  readonly output: Exclude<OutputFormat, 'yaml'>
}

/** `flyte-webhook unregister`: reverts `register`. */
export const createUnregisterCommand = ({ terminal }: Context): Command =>
  new Command('unregister')
    .description('remove the webhook and its guard from a cluster; pods then start without their secrets')
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .option('--force', 'also remove objects of these names that others created or changed', false)
    .addOption(dryRunOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', '\nExample:\n  flyte-webhook unregister --context production --dry-run')
    .action(async (flags: UnregisterFlags) => {
      const { connect } = await import('../../kubernetes/cluster.ts')
      const { uninstall } = await import('../../registration/installation.ts')
      terminal.write(written(flags, await uninstall(connect(flags), flags)))
    })

const written = ({ dryRun, output }: UnregisterFlags, removed: readonly Removed[]): string => {
  if (output === 'json') {
    const objects = removed.map(({ ref: { kind, metadata } }) => ({
      kind,
      name: metadata.name,
      change: 'removed',
    }))
    const webhooks = removed.flatMap(({ object }) => webhooksOf(object)).map(withoutToken)
    return document({ dryRun, objects, webhooks })
  }
  if (removed.length === 0) return 'nothing to remove'
  return removed
    .flatMap(({ ref: { kind, metadata }, object }) => [
      `${kind} ${metadata.name}: ${dryRun ? 'would be removed' : 'removed'}`,
      ...webhooksOf(object).flatMap((webhook) => [
        '',
        ...(dryRun ? [] : ['previously:']),
        ...describeWebhook(webhook),
      ]),
    ])
    .join('\n')
}

const webhooksOf = ({ webhooks = [] }: KubernetesObject & Partial<V1MutatingWebhookConfiguration>) => webhooks
