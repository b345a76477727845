import { type Command, Option } from 'commander'
import type { SecretValue } from '../../lib/secret-value.ts'
import { wrongUsage } from '../failure.ts'
import type { LoadedConfig } from '../config/config-file.ts'
import { parseCaBundle } from '../registration/ca-bundle.ts'
import type { BreakGlass } from '../registration/match.ts'
import type { FailurePolicy } from '../registration/registration.ts'
import { type GivenUrl, parseClusterName, parseGivenUrl, parseToken } from '../registration/webhook-url.ts'
import type { Context } from './context.ts'
import { inputName, readInputText } from './input.ts'
import { configOption } from './options.ts'

/** The options that `manifest` and `register` share, in commander's form. */
export interface RegistrationFlags {
  readonly config: string
  readonly url: string
  readonly cluster?: string
  readonly tokenFile?: string
  readonly caBundle?: string
  readonly failurePolicy: FailurePolicy
  readonly guard: boolean
  readonly breakGlassUser: readonly string[]
  readonly breakGlassGroup: readonly string[]
}

/** The parsed options. */
export interface RegistrationInput extends LoadedConfig {
  /** `https://<host>[/<stage>]` */
  readonly base: string
  readonly cluster: string
  /** Undefined if none was given. */
  readonly token: SecretValue | undefined
  readonly caBundle?: string
  readonly breakGlass: BreakGlass
}

const tokenVariable = 'FLYTE_WEBHOOK_TOKEN'

export const addRegistrationOptions = (command: Command): Command =>
  command
    .addOption(configOption())
    .requiredOption(
      '--url <url>',
      "https://<host>/<stage>, the stack's output WebhookUrl, or the complete URL",
    )
    .option('--cluster <name>', 'the name of the cluster in the URL, unless --url contains it')
    .option(
      '--token-file <file>',
      `the file of the cluster's token, - for standard input; by default, ${tokenVariable}: others can see a command line`,
    )
    .option(
      '--ca-bundle <file>',
      'the authorities of a certificate that is not publicly signed, in PEM; - for standard input',
    )
    .addOption(
      new Option('--failure-policy <policy>', 'what happens to a pod if the webhook does not answer')
        .choices(['Fail', 'Ignore'])
        .default('Fail'),
    )
    .option(
      '--guard',
      'also a ValidatingAdmissionPolicy that refuses a pod that asks for secrets and has neither FLYTE_SECRETS_ENV_PREFIX nor FLYTE_SECRETS_DEFAULT_DIR in any container',
      false,
    )
    .option(
      '--break-glass-user <name...>',
      'a user whose pods with the annotation flyte-webhook.flyte.org/skip are not sent; never the user that runs tasks, because authors of tasks write annotations',
      [],
    )
    .option('--break-glass-group <name...>', 'the same for a group of users', [])

/** Reads the configuration, the token and the authorities that the options name. */
export const readRegistrationInput = async (
  flags: RegistrationFlags,
  { environment, terminal }: Context,
): Promise<RegistrationInput> => {
  const [{ readConfigFile }, { readFunctionTimeout }, { timeoutRule }] = await Promise.all([
    import('../config/config-file.ts'),
    import('../registration/function-timeout.ts'),
    import('../registration/timeout-rule.ts'),
  ])
  const url = parseGivenUrl(flags.url)
  const cluster = clusterOf(flags.cluster, url)
  const token = await readToken(flags.tokenFile, url, environment[tokenVariable])
  if (token !== undefined && token === url.token)
    terminal.warn('others can see the token on the command line: use --token-file')
  const rules = [timeoutRule(await readFunctionTimeout())]
  return {
    base: url.base,
    cluster,
    ...(await readConfigFile(flags.config, undefined, rules)),
    token,
    ...(flags.caBundle === undefined ? {} : { caBundle: await readCaBundle(flags.caBundle) }),
    breakGlass: { users: flags.breakGlassUser, groups: flags.breakGlassGroup },
  }
}

/** Fails if the cluster lacks a feature that the options need. */
export const requireCel = (
  isCelEvaluated: boolean,
  { guard, breakGlassUser, breakGlassGroup }: RegistrationFlags,
): void => {
  if (isCelEvaluated || !(guard || breakGlassUser.length > 0 || breakGlassGroup.length > 0)) return
  throw wrongUsage('--guard, --break-glass-user and --break-glass-group need Kubernetes 1.30 or later')
}

/** Returns the cluster from the option or the URL. If both name one, they must agree. */
const clusterOf = (option: string | undefined, { cluster }: GivenUrl): string => {
  const name = option ?? cluster
  if (name === undefined) throw wrongUsage('name the cluster with --cluster, or give the complete URL')
  if (cluster !== undefined && cluster !== name)
    throw wrongUsage(`--cluster is ${name}, but the URL names ${cluster}: leave out one of them`)
  return parseClusterName(name)
}

const readToken = async (
  file: string | undefined,
  { token: fromUrl }: GivenUrl,
  fromEnvironment: string | undefined,
): Promise<SecretValue | undefined> => {
  if (file === undefined)
    return fromUrl ?? (fromEnvironment === undefined ? undefined : parseToken(fromEnvironment))
  const token = parseToken(await readInputText(file))
  if (fromUrl !== undefined && fromUrl.reveal() !== token.reveal())
    throw wrongUsage(`${inputName(file)}: it differs from the token in the URL: leave out one of them`)
  return token
}

const readCaBundle = async (file: string): Promise<string> =>
  parseCaBundle(await readInputText(file), inputName(file))
