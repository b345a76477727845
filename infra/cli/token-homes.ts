import { Command, Option } from 'commander'
import type { Homes } from '../tokens/slots.ts'
import { configOption } from './options.ts'
import { type OutputFormat, outputOption } from './output.ts'

/** In which order a token is exchanged, for `--help`. */
export const order = `
The function knows digests only, two for a cluster: those of function.callers.clusters and of the stack's parameter
callerTokenSha256. These commands change nothing by themselves: they print what the parameter has to be. To exchange a token:
  1. tokens rotate   the new token, and the parameter with both digests
  2. deploy          with that parameter
  3. register        the cluster's webhook with the new token
  4. tokens retire   the parameter without the older digest
  5. deploy          with that parameter`

/** The two homes of digests, as the command line names them. */
export interface HomeArguments {
  readonly config: string
  readonly digests: string
  readonly output: OutputFormat
}

/** A command about tokens, with the options that name where their digests stand. */
export const createHomesCommand = (name: string): Command =>
  new Command(name)
    .addOption(digestsOption().makeOptionMandatory())
    .addOption(configOption())
    .addOption(outputOption(['text', 'json']))

/**
 * `--digests`: what is deployed now. Where another parameter is printed, which replaces the one there is, it has no default:
 * a digest that was not given would shut its cluster out.
 */
export const digestsOption = (): Option =>
  new Option(
    '--digests <text>',
    `the stack's parameter callerTokenSha256 as it is deployed now, with or without callerTokenSha256= before it; '' where there is none`,
  ).argParser((text) => text.trim().replace(/^callerTokenSha256=/, ''))

/** `--cluster`: whose token. */
export const clusterOption = (): Option =>
  new Option('--cluster <name>', 'the cluster, as its URL names it').makeOptionMandatory()

/** What `--param` takes. */
export const assignment = (parameter: string): string => `callerTokenSha256=${parameter}`

/** Reads what the command line names. */
export const homesOf = async ({ config, digests }: HomeArguments): Promise<Homes> => {
  const { readConfigFile } = await import('../config/config-file.ts')
  const { function: own } = await readConfigFile(config, () => undefined)
  return { configured: own.callers.tokenSha256, parameter: digests }
}
