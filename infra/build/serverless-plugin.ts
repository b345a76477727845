import { join, resolve } from 'node:path'
import { stop as stopEsbuild } from 'esbuild'
import { readConfigFile } from '../config/config-file.ts'
import { bundle } from './bundle.ts'
import { assertCallable, assertConfidential, assertNotLocal } from './deployment-rules.ts'
import { describeFailure } from './failure.ts'

/** As much of the `serverless` object as is used here (osls, `lib/serverless.js`). */
interface Serverless {
  readonly serviceDir: string
  readonly service: {
    /** `custom.config` of serverless.yml: the file that holds the function's configuration. */
    readonly custom: { readonly config: string; readonly callerTokenSha256: string }
    readonly functions: { readonly mutate: { handler: string; readonly events: unknown[] } }
  }
  /** Errors of this class are shown without a stack. */
  readonly classes: { readonly Error: new (message: string, code: string) => Error }
}

/** The command line; serverless-offline's own options among it. */
interface Options {
  readonly httpPort?: string
}

/**
 * Builds the function's bundle before serverless packages it, and before serverless-offline serves it. A wrong configuration
 * or an error of the build ends the command with its message.
 */
class ServerlessPlugin {
  readonly hooks = {
    'before:package:createDeploymentArtifacts': (): Promise<void> =>
      this.#build('dist', { isDeployed: true }),
    'before:offline:start': (): Promise<void> => this.#prepareOffline(),
  }
  readonly #serverless: Serverless
  readonly #options: Options

  constructor(serverless: Serverless, options: Options) {
    this.#serverless = serverless
    this.#options = options
  }

  /** A server's bundle has a folder of its own: it is loaded anew for each concurrent call, long after the start. */
  async #prepareOffline(): Promise<void> {
    const outDir = join('.serverless-offline', this.#options.httpPort ?? 'default')
    await this.#build(outDir, { isDeployed: false })
    const { mutate } = this.#serverless.service.functions
    mutate.handler = `${outDir}/mutate.handler`
    // serverless-offline's own answer to an unknown path lists all routes; the function's is a constant 404.
    mutate.events.push({ http: { method: 'any', path: '/{proxy+}' } })
    // The end of npm start, by whatever cause, is the end of its IPC channel.
    process.once('disconnect', () => process.exit())
  }

  async #build(outDir: string, { isDeployed }: { readonly isDeployed: boolean }): Promise<void> {
    const { serviceDir, service, classes } = this.#serverless
    // npm start has already told what is worth knowing about the configuration.
    const warn = process.connected ? () => undefined : undefined
    try {
      const config = await readConfigFile(resolve(serviceDir, service.custom.config), warn)
      if (isDeployed) {
        assertNotLocal(config)
        assertCallable(config, service.custom.callerTokenSha256)
        assertConfidential(config)
      }
      await bundle({ config, outDir: resolve(serviceDir, outDir) })
    } catch (error) {
      const message = describeFailure(error)
      throw message === undefined ? error : new classes.Error(message, 'BUNDLE_FAILED')
    } finally {
      // esbuild works in a process of its own, which would wait for more as long as the server runs.
      await stopEsbuild()
    }
  }
}

// osls loads a plugin with `require`, which for an ES module gives what is exported under this name.
export { ServerlessPlugin as 'module.exports' }
