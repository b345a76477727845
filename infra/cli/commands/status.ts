import { Command } from 'commander'
import type { ClusterOptions } from '../../kubernetes/cluster.ts'
import type { Context } from '../context.ts'
import { findingLines, worstAsStatus } from '../finding-lines.ts'
import { configOption, contextOption, kubeconfigOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'

interface StatusFlags extends ClusterOptions {
  readonly config: string
  readonly output: Exclude<OutputFormat, 'yaml'>
}

/** `flyte-webhook status`. */
export const createStatusCommand = (context: Context): Command =>
  new Command('status')
    .description('check the registration in a cluster and the function that answers')
    .addOption(configOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', `\n${worstAsStatus}\n\nExample:\n  flyte-webhook status --context production`)
    .action((flags: StatusFlags) => showStatus(flags, context))

const showStatus = async (flags: StatusFlags, { terminal, now }: Context): Promise<void> => {
  const [
    { connect },
    { readConfigFile },
    { gatherRegistrationFacts },
    { registrationChecks },
    { findingsOf, statusOf },
    summary,
  ] = await Promise.all([
    import('../../kubernetes/cluster.ts'),
    import('../../config/config-file.ts'),
    import('../../doctor/gathering.ts'),
    import('../../doctor/checks.ts'),
    import('../../doctor/finding.ts'),
    import('../../doctor/summary.ts'),
  ])
  const loaded = await readConfigFile(flags.config, terminal.warn)
  const facts = await terminal.wait(
    'checking',
    gatherRegistrationFacts({ cluster: connect(flags), ...loaded, now }),
  )
  const findings = findingsOf(registrationChecks, facts)
  const text = () => [...summary.summaryLines(facts), ...findingLines(findings, terminal)].join('\n')
  terminal.write(flags.output === 'json' ? document({ ...summary.summaryOf(facts), findings }) : text())
  process.exitCode = statusOf(findings)
}
