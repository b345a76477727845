import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { document } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import {
  assignment,
  clusterOption,
  createHomesCommand,
  type HomeArguments,
  homesOf,
  order,
} from '../token-homes.ts'

interface MakingArguments extends HomeArguments {
  readonly cluster: string
  readonly tokenFile?: string
}

interface Making {
  readonly name: 'create' | 'rotate'
  readonly description: string
  readonly help: string
  /** The function of the slots that says what the parameter becomes. */
  readonly becomes: 'withFirst' | 'withSecond'
}

/** The first token of a cluster. */
export const firstToken: Making = {
  name: 'create',
  description: 'make the first token of a cluster; it is shown once',
  help: `
Example:
  flyte-webhook tokens create --cluster production --digests '' --token-file production.token > production.digests`,
  becomes: 'withFirst',
}

/** The token that follows it. */
export const nextToken: Making = {
  name: 'rotate',
  description: 'make the next token of a cluster, beside the one it has; it is shown once',
  help: `${order}

Example:
  flyte-webhook tokens rotate --cluster production --digests "$(cat production.digests)" --token-file next.token > next.digests`,
  becomes: 'withSecond',
}

/** `flyte-webhook tokens create` and `rotate`. */
export const createMakingCommand = (
  terminal: Terminal,
  { name, description, help, becomes }: Making,
): Command =>
  createHomesCommand(name)
    .description(description)
    .addOption(clusterOption())
    .addOption(
      new Option(
        '--token-file <file>',
        'write the token into this new file, which its owner alone can read, and print none',
      ),
    )
    .addHelpText('after', help)
    .action((options: MakingArguments) => giveToken(terminal, options, becomes))

/** Makes a token, shows it or keeps it in a file, and says what the parameter has to be. */
const giveToken = async (
  terminal: Terminal,
  options: MakingArguments,
  becomes: Making['becomes'],
): Promise<void> => {
  const [{ createCallerToken }, { writeTokenFile }, slots] = await Promise.all([
    import('../../tokens/caller-token.ts'),
    import('../../tokens/token-file.ts'),
    import('../../tokens/slots.ts'),
  ])
  const { cluster, tokenFile, output } = options
  const { token, sha256 } = createCallerToken(randomBytes)
  const homes = await homesOf(options)
  const parameter = slots[becomes](homes, cluster, sha256)
  if (tokenFile !== undefined) await writeTokenFile(tokenFile, token)
  const where = tokenFile === undefined ? { token } : { tokenFile }
  if (output === 'json') {
    terminal.write(document('json', { cluster, ...where, sha256, parameter }))
    return
  }
  if (tokenFile === undefined) terminal.write(`token=${token}`)
  terminal.write(assignment(parameter))
  const callers = new Set(slots.takenSlots({ ...homes, parameter }).map((slot) => slot.cluster))
  terminal.note(
    `The token ${tokenFile === undefined ? 'is not shown again' : `is in ${tokenFile}`}. Deploy with the parameter above (--param "callerTokenSha256=…"), then register the cluster with the token. It replaces the one there is: these clusters can call then, and no other: ${[...callers].join(', ')}.`,
  )
}
