import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { document } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { assignment } from '../../tokens/assignment.ts'
import type { Change } from '../../tokens/digests-file.ts'
import {
  clusterOption,
  createEditCommand,
  type EditArguments,
  editedHomesOf,
  keepParameter,
  order,
} from '../token-homes.ts'

interface MakingArguments extends EditArguments {
  readonly cluster: string
  readonly tokenFile?: string
}

interface Making {
  readonly name: 'create' | 'rotate'
  readonly description: string
  readonly help: string
  /** The function of the slots that returns the new parameter. */
  readonly becomes: 'withFirst' | 'withSecond'
}

/** Creates the first token of a cluster. */
export const firstToken: Making = {
  name: 'create',
  description: 'create the first token of a cluster; it is shown only once',
  help: `
Example:
  flyte-webhook tokens create --cluster production \\
    --digests-file production.digests --token-file production.token`,
  becomes: 'withFirst',
}

/** Creates the next token of a cluster. */
export const nextToken: Making = {
  name: 'rotate',
  description: 'create the next token of a cluster and keep its current one; it is shown only once',
  help: `${order}

Example:
  flyte-webhook tokens rotate --cluster production \\
    --digests-file production.digests --token-file next.token`,
  becomes: 'withSecond',
}

/** `flyte-webhook tokens create` and `rotate`. */
export const createMakingCommand = (
  terminal: Terminal,
  { name, description, help, becomes }: Making,
): Command =>
  createEditCommand(name)
    .description(description)
    .addOption(clusterOption())
    .addOption(
      new Option(
        '--token-file <file>',
        'write the token to this new file, which only its owner can read, instead of printing it',
      ),
    )
    .addHelpText('after', help)
    .action((options: MakingArguments) => giveToken(terminal, options, becomes))

/** Creates a token, prints it or writes it to a file, and does the same with the new parameter. */
const giveToken = async (
  terminal: Terminal,
  options: MakingArguments,
  becomes: Making['becomes'],
): Promise<void> => {
  const [{ createCallerToken }, slots] = await Promise.all([
    import('../../tokens/caller-token.ts'),
    import('../../tokens/slots.ts'),
  ])
  const { cluster, tokenFile, digestsFile, output } = options
  const { token, sha256 } = createCallerToken(randomBytes)
  const homes = await editedHomesOf(options)
  const parameter = slots[becomes](homes, cluster, sha256)
  const standing = await keep(options, token, { before: homes.parameter, after: parameter })
  if (output === 'json') {
    const where = tokenFile === undefined ? { token } : { tokenFile }
    terminal.write(document({ cluster, ...where, sha256, parameter, digestsFile }))
    return
  }
  if (tokenFile === undefined) terminal.write(`token=${token}`)
  if (digestsFile === undefined) terminal.write(assignment(parameter))
  const callers = new Set(slots.takenSlots({ ...homes, parameter }).map((slot) => slot.cluster))
  terminal.note(
    `The token ${tokenFile === undefined ? 'is not shown again' : `is in ${tokenFile}`}. Deploy with ${standing}, then register the cluster with the token. The next deployment accepts tokens of: ${[...callers].join(', ')}. No others.`,
  )
}

/** Writes the files, the token first: a stored digest without its token would waste a slot. */
const keep = async (
  { tokenFile, digestsFile }: MakingArguments,
  token: string,
  change: Change,
): Promise<string> => {
  if (tokenFile === undefined) return keepParameter(change, digestsFile)
  const { removeTokenFile, writeTokenFile } = await import('../../tokens/token-file.ts')
  await writeTokenFile(tokenFile, token)
  try {
    return await keepParameter(change, digestsFile)
  } catch (error) {
    // Its digest is stored nowhere, and the same command must work again.
    await removeTokenFile(tokenFile)
    throw error
  }
}
