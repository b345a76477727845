import { Command } from 'commander'
import type { ClusterOptions } from '../../kubernetes/cluster.ts'
import type { Context } from '../context.ts'
import { findingLines, worstAsStatus } from '../finding-lines.ts'
import { configOption, contextOption, kubeconfigOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'
import { digestsOption } from '../token-homes.ts'

interface DoctorFlags extends ClusterOptions {
  readonly config: string
  readonly digests: string
  readonly namespace?: string
  readonly output: Exclude<OutputFormat, 'yaml'>
}

/** `flyte-webhook doctor`. */
export const createDoctorCommand = (context: Context): Command =>
  new Command('doctor')
    .description('check the whole setup of the webhook in a cluster, and suggest fixes; changes nothing')
    .option(
      '-n, --namespace <name>',
      'the namespace of a trial pod (server-side dry run); by default, "default" or the one that Embedded serves',
    )
    .addOption(digestsOption().default('', 'only those of the configuration'))
    .addOption(configOption())
    .addOption(kubeconfigOption())
    .addOption(contextOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `\n${worstAsStatus}\n\nExample:\n  flyte-webhook doctor --digests "$(cat production.digests)"`,
    )
    .action((flags: DoctorFlags) => examine(flags, context))

const examine = async (flags: DoctorFlags, { terminal, now }: Context): Promise<void> => {
  const [
    { connect },
    { readConfigFile },
    { gatherClusterFacts },
    { clusterChecks },
    { findingsOf, statusOf },
  ] = await Promise.all([
    import('../../kubernetes/cluster.ts'),
    import('../../config/config-file.ts'),
    import('../../doctor/gathering.ts'),
    import('../../doctor/checks.ts'),
    import('../../doctor/finding.ts'),
  ])
  const loaded = await readConfigFile(flags.config, terminal.warn)
  const sources = { cluster: connect(flags), ...loaded, now }
  const facts = await terminal.wait('checking', gatherClusterFacts(sources, flags))
  const findings = findingsOf(clusterChecks, facts)
  terminal.write(
    flags.output === 'json' ? document({ findings }) : findingLines(findings, terminal).join('\n'),
  )
  process.exitCode = statusOf(findings)
}
