import { randomBytes } from 'node:crypto'
import { Command, Option } from 'commander'
import type { Homes, Slot } from '../../tokens/slots.ts'
import type { Context } from '../context.ts'
import { configOption } from '../options.ts'
import { document, type OutputFormat, outputOption } from '../output.ts'
import type { Terminal } from '../terminal.ts'

/** `flyte-webhook tokens`. */
export const createTokensCommand = ({ terminal }: Context): Command =>
  new Command('tokens')
    .description("make the tokens that stand in clusters' URLs, and exchange them without an interruption")
    .addCommand(createMakingCommand(terminal, first))
    .addCommand(createMakingCommand(terminal, next))
    .addCommand(createRetireCommand(terminal))
    .addCommand(createListCommand(terminal))
    .addHelpText('after', order)

const order = `
The function knows digests only, two for a cluster: those of function.callers.clusters and of the stack's parameter
callerTokenSha256. These commands change nothing by themselves: they print what the parameter has to be. To exchange a token:
  1. tokens rotate   the new token, and the parameter with both digests
  2. deploy          with that parameter
  3. register        the cluster's webhook with the new token
  4. tokens retire   the parameter without the older digest
  5. deploy          with that parameter`

interface TokenArguments {
  readonly cluster: string
  readonly config: string
  readonly digests: string
  readonly tokenFile?: string
  readonly digest?: string
  readonly output: OutputFormat
}

const clusterOption = (): Option =>
  new Option('--cluster <name>', 'the cluster, as its URL names it').makeOptionMandatory()

const digestsOption = (): Option =>
  new Option('--digests <text>', "the stack's parameter callerTokenSha256 as it is now").default('', 'empty')

interface Making {
  readonly name: 'create' | 'rotate'
  readonly description: string
  readonly help: string
  /** The function of the slots that says what the parameter becomes. */
  readonly becomes: 'withFirst' | 'withSecond'
}

const first: Making = {
  name: 'create',
  description: 'make the first token of a cluster; it is shown once',
  help: `
Example:
  flyte-webhook tokens create --cluster production --token-file production.token`,
  becomes: 'withFirst',
}

const next: Making = {
  name: 'rotate',
  description: 'make the next token of a cluster, beside the one it has; it is shown once',
  help: `${order}

Example:
  flyte-webhook tokens rotate --cluster production --digests "$DIGESTS" --token-file production.token`,
  becomes: 'withSecond',
}

const createMakingCommand = (terminal: Terminal, { name, description, help, becomes }: Making): Command =>
  new Command(name)
    .description(description)
    .addOption(clusterOption())
    .addOption(digestsOption())
    .addOption(
      new Option(
        '--token-file <file>',
        'write the token into this new file, which its owner alone can read, and print none',
      ),
    )
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', help)
    .action((options: TokenArguments) => giveToken(terminal, options, becomes))

const createRetireCommand = (terminal: Terminal): Command =>
  new Command('retire')
    .description('take the older token of a cluster away')
    .addOption(clusterOption())
    .addOption(digestsOption())
    .addOption(new Option('--digest <prefix>', 'take away the token whose digest begins so'))
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText(
      'after',
      `${order}

Example:
  flyte-webhook tokens retire --cluster production --digests "$DIGESTS"`,
    )
    .action(async (options: TokenArguments) => {
      const { withoutOne } = await import('../../tokens/slots.ts')
      const { cluster, digest, output } = options
      const parameter = withoutOne(await homesOf(options), cluster, digest)
      terminal.write(output === 'json' ? document('json', { cluster, parameter }) : assignment(parameter))
    })

const createListCommand = (terminal: Terminal): Command =>
  new Command('list')
    .description('show which clusters have tokens, by the beginnings of their digests')
    .addOption(digestsOption())
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', '\nExample:\n  flyte-webhook tokens list --digests "$DIGESTS"')
    .action(async (options: TokenArguments) => {
      const [{ takenSlots }, { table }] = await Promise.all([
        import('../../tokens/slots.ts'),
        import('../table.ts'),
      ])
      const slots = takenSlots(await homesOf(options))
      const row = ({ cluster, slot, sha256, home }: Slot) => [
        cluster,
        String(slot),
        sha256.slice(0, 12),
        home,
      ]
      terminal.write(
        options.output === 'json'
          ? document('json', slots)
          : table([['CLUSTER', 'SLOT', 'SHA-256', 'FROM'], ...slots.map(row)]),
      )
    })

/** Makes a token, shows it or keeps it in a file, and says what the parameter has to be. */
const giveToken = async (
  terminal: Terminal,
  options: TokenArguments,
  becomes: Making['becomes'],
): Promise<void> => {
  const [{ createCallerToken }, { writeTokenFile }, slots] = await Promise.all([
    import('../../tokens/caller-token.ts'),
    import('../../tokens/token-file.ts'),
    import('../../tokens/slots.ts'),
  ])
  const { cluster, tokenFile, output } = options
  const { token, sha256 } = createCallerToken(randomBytes)
  const parameter = slots[becomes](await homesOf(options), cluster, sha256)
  if (tokenFile !== undefined) await writeTokenFile(tokenFile, token)
  const where = tokenFile === undefined ? { token } : { tokenFile }
  if (output === 'json') {
    terminal.write(document('json', { cluster, ...where, sha256, parameter }))
    return
  }
  if (tokenFile === undefined) terminal.write(`token=${token}`)
  terminal.write(assignment(parameter))
  terminal.note(
    `The token ${tokenFile === undefined ? 'is not shown again' : `is in ${tokenFile}`}. Deploy with the parameter above (--param "callerTokenSha256=…"), then register the cluster with the token.`,
  )
}

const assignment = (parameter: string): string => `callerTokenSha256=${parameter}`

const homesOf = async ({ config, digests }: TokenArguments): Promise<Homes> => {
  const { readConfigFile } = await import('../../config/config-file.ts')
  const { function: own } = await readConfigFile(config, () => undefined)
  return { configured: own.callers.tokenSha256, parameter: digests }
}
