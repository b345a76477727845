import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stop as stopEsbuild } from 'esbuild'
import { type LoadedConfig, readConfigFile } from '../config/config-file.ts'
import { timeoutRule } from '../registration/timeout-rule.ts'
import { finishTemplate, type Template } from '../resources/finish-template.ts'
import { parseParameters, type StackParameters } from '../resources/parameters.ts'
import { misplaced } from '../resources/placement.ts'
import { portableTemplate } from '../resources/portable-template.ts'
import { bundle } from './bundle.ts'
import {
  assertCallable,
  assertConfidential,
  assertNotLocal,
  assertRestricted,
  reachOf,
} from './deployment-rules.ts'
import { describeFailure, UsageError } from './failure.ts'

/** The parts of the `serverless` object that this plugin uses (osls, `lib/serverless.js`). */
interface Serverless {
  readonly serviceDir: string
  readonly service: {
    readonly custom: { readonly parameters: Readonly<Record<string, unknown>> }
    readonly functions: {
      readonly mutate: { readonly name: string; handler: string; readonly events: unknown[] }
    }
    readonly package: { readonly artifact: string }
    readonly provider: { readonly timeout: number; readonly compiledCloudFormationTemplate: Template }
  }
  /** serverless.yml as written. */
  readonly configurationInput: { readonly params?: Readonly<Record<string, object | null>> }
  /** The command line, with every `--param`. */
  readonly processedInput: {
    readonly commands: readonly string[]
    readonly options: { readonly param?: readonly string[] | null; readonly region?: string | null }
  }
  readonly getProvider: (name: 'aws') => { readonly getStage: () => string; readonly getRegion: () => string }
  /** osls prints errors of this class without a stack trace. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
}

/** The options of the command line, including those of serverless-offline. */
interface Options {
  readonly httpPort?: string
}

/** The part of osls' plugin utilities that writes messages. */
interface Utilities {
  readonly log: { readonly notice: (text: string) => void }
}

/**
 * Builds the function's bundle before serverless packages it or serverless-offline serves it, and finishes the template.
 * A problem with a parameter, the configuration or the build ends the command with a message.
 */
class ServerlessPlugin {
  readonly hooks = {
    initialize: (): Promise<void> => this.#reporting(async () => this.#assertRegion()),
    'before:package:createDeploymentArtifacts': (): Promise<void> =>
      this.#reporting(() => this.#buildDeployed()),
    'after:aws:package:finalize:mergeCustomProviderResources': (): Promise<void> =>
      this.#reporting(() => this.#finishTemplate()),
    'before:aws:package:finalize:saveServiceState': (): Promise<void> =>
      this.#reporting(() => this.#writePortableTemplate()),
    'before:offline:start': (): Promise<void> => this.#reporting(() => this.#prepareOffline()),
  }
  readonly #serverless: Serverless
  readonly #options: Options
  readonly #utilities: Utilities

  constructor(serverless: Serverless, options: Options, utilities: Utilities) {
    this.#serverless = serverless
    this.#options = options
    this.#utilities = utilities
  }

  /** Requires an explicit region: in a new shell, the default region could get a second stack. */
  #assertRegion(): void {
    const { commands, options } = this.#serverless.processedInput
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
    if (!['deploy', 'remove'].includes(commands.join(' '))) return
    if (options.region || AWS_REGION || AWS_DEFAULT_REGION) return
    throw new UsageError('the region is missing: export AWS_REGION, or add --region')
  }

  async #buildDeployed(): Promise<void> {
    const parameters = this.#parameters()
    const rules = [timeoutRule(this.#serverless.service.provider.timeout)]
    const loaded = await this.#readConfig(parameters.config, undefined, rules)
    const { config } = loaded
    assertNotLocal(config)
    assertCallable(config, parameters.callerTokenSha256)
    assertRestricted(config, parameters.exposure)
    assertConfidential(config, parameters.exposure)
    this.#utilities.log.notice(reachOf(parameters.exposure))
    await this.#bundle(loaded, 'dist')
  }

  async #finishTemplate(): Promise<void> {
    const { compiledCloudFormationTemplate } = this.#serverless.service.provider
    finishTemplate(compiledCloudFormationTemplate, this.#parameters(), this.#aws.getStage())
  }

  /** Writes a second template for other tools: only osls can deploy its own. */
  async #writePortableTemplate(): Promise<void> {
    const { serviceDir, service } = this.#serverless
    const zip = await readFile(service.package.artifact)
    const { compiledCloudFormationTemplate } = service.provider
    const template = portableTemplate(
      compiledCloudFormationTemplate,
      zip,
      this.#parameters().deploymentBucket,
    )
    const file = join(serviceDir, '.serverless/flyte-webhook.template.json')
    await writeFile(file, `${JSON.stringify(template, undefined, 2)}\n`)
  }

  get #aws() {
    return this.#serverless.getProvider('aws')
  }

  /** Builds into a separate folder for each server, which loads the bundle again for each concurrent call. */
  async #prepareOffline(): Promise<void> {
    const outDir = join('.serverless-offline', this.#options.httpPort ?? 'default')
    // npm start has already printed the notices about the configuration.
    const warn = process.connected ? () => undefined : undefined
    await this.#bundle(await this.#readConfig(this.#parameters().config, warn), outDir)
    const { mutate } = this.#serverless.service.functions
    mutate.handler = `${outDir}/mutate.handler`
    // For an unknown path, serverless-offline would list all routes. The function answers with a constant 404.
    mutate.events.push({ http: { method: 'any', path: '/{proxy+}' } })
    // When npm start ends, for whatever reason, its IPC channel closes.
    process.once('disconnect', () => process.exit())
  }

  #parameters(): StackParameters {
    const parsed = parseParameters(this.#written())
    const placement = { region: this.#aws.getRegion(), name: this.#serverless.service.functions.mutate.name }
    const problems = parsed.kind === 'problems' ? parsed.problems : misplaced(parsed.parameters, placement)
    if (parsed.kind === 'parameters' && problems.length === 0) return parsed.parameters
    throw new UsageError(problems.map((problem) => `parameter ${problem}`).join('\n'))
  }

  /** Returns what osls resolved, and what it ignores: unknown names in any stage, and names without a value. */
  #written(): Readonly<Record<string, unknown>> {
    const { service, configurationInput, processedInput } = this.#serverless
    const { parameters } = service.custom
    const { params = {} } = configurationInput
    const namesOf = (stage: string): readonly string[] => Object.keys(params[stage] ?? {})
    const onCommandLine = (processedInput.options.param ?? []).map((option) => option.split('=')[0] ?? '')
    const here = [...namesOf('default'), ...namesOf(this.#aws.getStage())]
    const withoutValue = here.filter((name) => (parameters[name] ?? null) === null)
    return {
      ...Object.fromEntries(
        [...Object.keys(params).flatMap(namesOf), ...onCommandLine].map((name) => [name, null]),
      ),
      ...parameters,
      ...Object.fromEntries(withoutValue.map((name) => [name, ''])),
    }
  }

  #readConfig(...[file, ...more]: Parameters<typeof readConfigFile>): Promise<LoadedConfig> {
    return readConfigFile(resolve(this.#serverless.serviceDir, file), ...more)
  }

  async #bundle(loaded: LoadedConfig, outDir: string): Promise<void> {
    try {
      await bundle({ ...loaded, outDir: resolve(this.#serverless.serviceDir, outDir) })
    } finally {
      // Otherwise esbuild's child process would stay for as long as the server runs.
      await stopEsbuild()
    }
  }

  async #reporting(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const message = describeFailure(error)
      throw message === undefined ? error : new this.#serverless.classes.Error(message, 'FLYTE_WEBHOOK')
    }
  }
}

// osls loads a plugin with `require`, which returns this export of an ES module.
export { ServerlessPlugin as 'module.exports' }
