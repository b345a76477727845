import { join, resolve } from 'node:path'
import { stop as stopEsbuild } from 'esbuild'
import type { Config } from '../../lib/config/config.ts'
import { readConfigFile } from '../config/config-file.ts'
import { finishTemplate, type Template } from '../resources/finish-template.ts'
import { parseParameters, type StackParameters } from '../resources/parameters.ts'
import { bundle } from './bundle.ts'
import { assertCallable, assertConfidential, assertNotLocal, assertRestricted } from './deployment-rules.ts'
import { describeFailure, UsageError } from './failure.ts'

/** As much of the `serverless` object as is used here (osls, `lib/serverless.js`). */
interface Serverless {
  readonly serviceDir: string
  readonly service: {
    readonly custom: { readonly parameters: Readonly<Record<string, unknown>> }
    readonly functions: { readonly mutate: { handler: string; readonly events: unknown[] } }
    readonly provider: { readonly compiledCloudFormationTemplate: Template }
  }
  /** serverless.yml as it is written. */
  readonly configurationInput: { readonly params?: Readonly<Record<string, object | null>> }
  /** The command line, with `--param` as often as it was given. */
  readonly processedInput: { readonly options: { readonly param?: readonly string[] | null } }
  readonly getProvider: (name: 'aws') => { readonly getStage: () => string }
  /** Errors of this class are shown without a stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
}

/** The command line; serverless-offline's own options among it. */
interface Options {
  readonly httpPort?: string
}

/**
 * Builds the function's bundle before serverless packages it, and before serverless-offline serves it, and finishes the
 * template. What is wrong with a parameter, the configuration or the build ends the command with its message.
 */
class ServerlessPlugin {
  readonly hooks = {
    'before:package:createDeploymentArtifacts': (): Promise<void> =>
      this.#telling(() => this.#buildDeployed()),
    'after:aws:package:finalize:mergeCustomProviderResources': (): Promise<void> =>
      this.#telling(() => this.#finishTemplate()),
    'before:offline:start': (): Promise<void> => this.#telling(() => this.#prepareOffline()),
  }
  readonly #serverless: Serverless
  readonly #options: Options

  constructor(serverless: Serverless, options: Options) {
    this.#serverless = serverless
    this.#options = options
  }

  async #buildDeployed(): Promise<void> {
    const parameters = this.#parameters()
    const config = await this.#readConfig(parameters.config)
    assertNotLocal(config)
    assertCallable(config, parameters.callerTokenSha256)
    assertRestricted(config, parameters)
    assertConfidential(config, parameters.exposure)
    await this.#bundle(config, 'dist')
  }

  async #finishTemplate(): Promise<void> {
    const { service, getProvider } = this.#serverless
    const stage = getProvider.call(this.#serverless, 'aws').getStage()
    finishTemplate(service.provider.compiledCloudFormationTemplate, this.#parameters().exposure, stage)
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
    const { service, configurationInput, processedInput } = this.#serverless
    const named = [
      ...Object.values(configurationInput.params ?? {}).flatMap((ofStage) => Object.keys(ofStage ?? {})),
      ...(processedInput.options.param ?? []).map((option) => option.split('=')[0] ?? ''),
    ]
    const parsed = parseParameters({
      // Those that are no parameters have no value there.
      ...Object.fromEntries(named.map((name) => [name, null])),
      ...service.custom.parameters,
    })
    switch (parsed.kind) {
      case 'parameters':
        return parsed.parameters
      case 'problems':
        throw new UsageError(parsed.problems.map((problem) => `parameter ${problem}`).join('\n'))
    }
  }

  #readConfig(file: string, warn?: (line: string) => void): Promise<Config> {
    return readConfigFile(resolve(this.#serverless.serviceDir, file), warn)
  }

  async #bundle(config: Config, outDir: string): Promise<void> {
    try {
      await bundle({ config, outDir: resolve(this.#serverless.serviceDir, outDir) })
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
