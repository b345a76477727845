import { Command, Option } from 'commander'
import type { Slot } from '../../tokens/slots.ts'
import type { Context } from '../context.ts'
import { document } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { assignment } from '../../tokens/assignment.ts'
import {
  clusterOption,
  createEditCommand,
  createHomesCommand,
  type EditArguments,
  editedHomesOf,
  type HomeArguments,
  homesOf,
  keepParameter,
  order,
} from '../token-homes.ts'
import { createMakingCommand, firstToken, nextToken } from './tokens-create.ts'

/** `flyte-webhook tokens`. */
export const createTokensCommand = ({ terminal }: Context): Command =>
  new Command('tokens')
    .description("create the tokens in clusters' URLs, and rotate them without downtime")
    .addCommand(createMakingCommand(terminal, firstToken))
    .addCommand(createMakingCommand(terminal, nextToken))
    .addCommand(createRetireCommand(terminal))
    .addCommand(createListCommand(terminal))
    .addHelpText('after', `${order}\n\nExample:\n  ${listExample}`)

const listExample = 'flyte-webhook tokens list --digests "$(cat production.digests)"'

interface RetireArguments extends EditArguments {
  readonly cluster: string
  readonly digest?: string
}

const createRetireCommand = (terminal: Terminal): Command =>
  createEditCommand('retire')
    .description('remove the older token of a cluster')
    .addOption(clusterOption())
    .addOption(
      new Option(
        '--digest <prefix>',
        'remove the token whose digest begins with these hex digits, at least 8',
      ),
    )
    .addHelpText(
      'after',
      `${order}

Example:
  flyte-webhook tokens retire --cluster production \\
    --digests-file production.digests`,
    )
    .action(async (options: RetireArguments) => {
      const { withoutOne } = await import('../../tokens/slots.ts')
      const { cluster, digest, digestsFile, output } = options
      const homes = await editedHomesOf(options)
      const parameter = withoutOne(homes, cluster, digest)
      const standing = await keepParameter({ before: homes.parameter, after: parameter }, digestsFile)
      if (output === 'json') terminal.write(document({ cluster, parameter, digestsFile }))
      else if (digestsFile === undefined) terminal.write(assignment(parameter))
      else terminal.note(`Deploy with ${standing}.`)
    })

const createListCommand = (terminal: Terminal): Command =>
  createHomesCommand('list')
    .description('list the clusters with tokens, with the first digits of each digest')
    .addHelpText('after', `\nExample:\n  ${listExample}`)
    .action(async (options: HomeArguments) => {
      const [{ takenSlots }, { table }] = await Promise.all([
        import('../../tokens/slots.ts'),
        import('../../text/table.ts'),
      ])
      const tokens = takenSlots(await homesOf(options))
      const row = ({ cluster, slot, sha256, home }: Slot) => [
        cluster,
        String(slot),
        sha256.slice(0, 12),
        home,
      ]
      terminal.write(
        options.output === 'json'
          ? document({ tokens })
          : table([['CLUSTER', 'SLOT', 'SHA-256', 'FROM'], ...tokens.map(row)]),
      )
    })
