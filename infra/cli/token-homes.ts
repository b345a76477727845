import { Command, Option } from 'commander'
import type { Homes } from '../tokens/slots.ts'
import { parameterIn } from '../tokens/assignment.ts'
import type { Change } from '../tokens/digests-file.ts'
import { configOption } from './options.ts'
import { type OutputFormat, outputOption } from './output.ts'

/** The order of steps to exchange a token, for `--help`. */
export const order = `
The function stores only digests, up to two for each cluster: those in
function.callers.clusters and in the stack's parameter callerTokenSha256. These
commands deploy nothing: they print the new parameter, or write it to the file
that --digests-file names. To rotate a token:
  1. tokens rotate   the new token, and the parameter with both digests
  2. deploy          with that parameter
  3. register        the cluster's webhook with the new token
  4. tokens retire   the parameter without the older digest
  5. deploy          with that parameter`

/** The options that locate digests. */
export interface HomeArguments {
  readonly config: string
  readonly digests: string
  readonly output: OutputFormat
}

/** The same options for a command that changes the parameter, which comes from the command line or a file. */
export interface EditArguments extends Omit<HomeArguments, 'digests'> {
  readonly digests?: string
  readonly digestsFile?: string
}

/** Creates a command about tokens, with the options that locate their digests. */
export const createHomesCommand = (name: string): Command =>
  new Command(name)
    .addOption(digestsOption().makeOptionMandatory())
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))

/**
 * Creates a command that changes the parameter. The current parameter has no default: a missing digest would lock its cluster
 * out.
 */
export const createEditCommand = (name: string): Command =>
  new Command(name)
    .addOption(
      new Option(
        '--digests-file <file>',
        "the file that stores the stack's parameter callerTokenSha256: it is read, or created if missing, and replaced with the new parameter",
      ).conflicts('digests'),
    )
    .addOption(digestsOption())
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))
    .hook('preAction', (command) => {
      const { digests, digestsFile } = command.opts<EditArguments>()
      if (digests === undefined && digestsFile === undefined)
        command.error("error: one of the options '--digests-file <file>' and '--digests <text>' is required")
    })

/** `--digests`: the deployed parameter. */
export const digestsOption = (): Option =>
  new Option(
    '--digests <text>',
    `the deployed value of the stack's parameter callerTokenSha256, with or without callerTokenSha256= before it; '' if it is empty`,
  ).argParser(parameterIn)

/** `--cluster`: the owner of the token. */
export const clusterOption = (): Option =>
  new Option('--cluster <name>', 'the name of the cluster in its URL').makeOptionMandatory()

/** Reads the digests that the command line names. */
export const homesOf = async ({ config, digests }: HomeArguments): Promise<Homes> => {
  const { readConfigFile } = await import('../config/config-file.ts')
  const { function: own } = (await readConfigFile(config, () => undefined)).config
  return { configured: own.callers.tokenSha256, parameter: digests }
}

/** Reads the digests to change, from the command line or the file. */
export const editedHomesOf = async ({ digests, digestsFile, ...options }: EditArguments): Promise<Homes> => {
  const { readDigestsFile } = await import('../tokens/digests-file.ts')
  const parameter = digestsFile === undefined ? (digests ?? '') : await readDigestsFile(digestsFile)
  return homesOf({ ...options, digests: parameter })
}

/** Writes the new parameter to its file, if there is one, and returns the words for where it is. */
export const keepParameter = async (change: Change, digestsFile: string | undefined): Promise<string> => {
  if (digestsFile === undefined) return 'the parameter above (--param "callerTokenSha256=…")'
  const { changeDigestsFile } = await import('../tokens/digests-file.ts')
  await changeDigestsFile(digestsFile, change)
  return `the parameter in ${digestsFile} (--param "$(cat ${digestsFile})")`
}
