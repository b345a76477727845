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

/** As much of the `serverless` object as is used here (osls, `lib/serverless.js`). */
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
  /** serverless.yml as it is written. */
  readonly configurationInput: { readonly params?: Readonly<Record<string, object | null>> }
  /** The command line, with `--param` as often as it was given. */
  readonly processedInput: {
    readonly commands: readonly string[]
    readonly options: { readonly param?: readonly string[] | null; readonly region?: string | null }
  }
  readonly getProvider: (name: 'aws') => { readonly getStage: () => string; readonly getRegion: () => string }
  /** Errors of this class are shown without a stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
}

/** The command line; serverless-offline's own options among it. */
interface Options {
  readonly httpPort?: string
}

/** What osls gives a plugin to write with. */
interface Utilities {
  readonly log: { readonly notice: (text: string) => void }
}

/**
 * Builds the function's bundle before serverless packages it, and before serverless-offline serves it, and finishes the
 * template. What is wrong with a parameter, the configuration or the build ends the command with its message.
 */
class ServerlessPlugin {
  readonly hooks = {
    initialize: (): Promise<void> => this.#telling(async () => this.#assertRegion()),
    'before:package:createDeploymentArtifacts': (): Promise<void> =>
      this.#telling(() => this.#buildDeployed()),
    'after:aws:package:finalize:mergeCustomProviderResources': (): Promise<void> =>
      this.#telling(() => this.#finishTemplate()),
    'before:aws:package:finalize:saveServiceState': (): Promise<void> =>
      this.#telling(() => this.#writePortableTemplate()),
    'before:offline:start': (): Promise<void> => this.#telling(() => this.#prepareOffline()),
  }
  readonly #serverless: Serverless
  readonly #options: Options
  readonly #utilities: Utilities

  constructor(serverless: Serverless, options: Options, utilities: Utilities) {
    this.#serverless = serverless
    this.#options = options
    this.#utilities = utilities
  }

  /** In another shell than yesterday's, a second stack would be made in the region that is the default. */
  #assertRegion(): void {
    const { commands, options } = this.#serverless.processedInput
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env
    if (!['deploy', 'remove'].includes(commands.join(' '))) return
    if (options.region || AWS_REGION || AWS_DEFAULT_REGION) return
    throw new UsageError('the region is not said: export AWS_REGION, or add --region')
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

  /** Beside osls' own template, which only osls can deploy. */
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

  /** A server's bundle has a folder of its own: it is loaded anew for each concurrent call, long after the start. */
  async #prepareOffline(): Promise<void> {
    const outDir = join('.serverless-offline', this.#options.httpPort ?? 'default')
    // npm start has already told what is worth knowing about the configuration.
    const warn = process.connected ? () => undefined : undefined
    await this.#bundle(await this.#readConfig(this.#parameters().config, warn), outDir)
    const { mutate } = this.#serverless.service.functions
    mutate.handler = `${outDir}/mutate.handler`
    // serverless-offline's own answer to an unknown path lists all routes; the function's is a constant 404.
    mutate.events.push({ http: { method: 'any', path: '/{proxy+}' } })
    // The end of npm start, by whatever cause, is the end of its IPC channel.
    process.once('disconnect', () => process.exit())
  }

  #parameters(): StackParameters {
    const parsed = parseParameters(this.#written())
    const placement = { region: this.#aws.getRegion(), name: this.#serverless.service.functions.mutate.name }
    const problems = parsed.kind === 'problems' ? parsed.problems : misplaced(parsed.parameters, placement)
    if (parsed.kind === 'parameters' && problems.length === 0) return parsed.parameters
    throw new UsageError(problems.map((problem) => `parameter ${problem}`).join('\n'))
  }

  /** What osls resolved, and what it passes over: names that are no parameters, in any stage, and names without a value. */
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
      // esbuild works in a process of its own, which would wait for more as long as the server runs.
      await stopEsbuild()
    }
  }

  async #telling(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const message = describeFailure(error)
      throw message === undefined ? error : new this.#serverless.classes.Error(message, 'FLYTE_WEBHOOK')
    }
  }
}

// osls loads a plugin with `require`, which for an ES module gives what is exported under this name.
export { ServerlessPlugin as 'module.exports' }
