import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { type Running, run } from '../support/program.ts'

/** A resource of a packaged template, as JSON. */
export interface PackagedResource {
  readonly Type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests check every value that they read.
  readonly Properties: Record<string, any>
  readonly DependsOn?: string | readonly string[]
}

/** A template, as JSON. */
export interface PackagedTemplate {
  readonly Description: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests check every value that they read.
  readonly Parameters?: Readonly<Record<string, any>>
  readonly Resources: Readonly<Record<string, PackagedResource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

/** The output of `serverless package`. */
export interface Packaged {
  /** The messages for the operator. */
  readonly said: string
  readonly zip: string
  /** The template that osls deploys. */
  readonly templateFile: string
  readonly template: PackagedTemplate
  /** The template for every other tool. */
  readonly portableFile: string
  readonly portable: PackagedTemplate
}

/** The SHA-256 of no token; packaging requires one. */
const digest = '0'.repeat(64)

const sources = [
  'functions',
  'infra',
  'lib',
  'examples',
  'LICENSE',
  'package.json',
  'serverless.yml',
  'tsconfig.json',
  'webhook.yaml',
]

export interface ServerlessOptions {
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly options?: readonly string[] | undefined
}

/** A copy of the project in which serverless can run in parallel, with an editable serverless.yml. */
export class Workspace {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<Workspace> {
    const folder = await mkdtemp(join(tmpdir(), 'workspace-'))
    for (const name of sources)
      await cp(join(projectRoot, name), join(folder, name), {
        recursive: true,
        filter: (path) => basename(path) !== 'node_modules',
      })
    await symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
    return new Workspace(folder)
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true })
  }

  /** Runs a serverless command as npm's scripts do, without this machine's AWS settings. */
  serverless(
    command: string,
    parameters: Readonly<Record<string, string>>,
    { environment = {}, options = [] }: ServerlessOptions = {},
  ): Running {
    const params = Object.entries({ callerTokenSha256: `production=${digest}`, ...parameters })
    return run(
      process.execPath,
      [
        join(this.folder, 'node_modules/serverless/bin/serverless.js'),
        command,
        ...options,
        ...params.map(([name, value]) => `--param=${name}=${value}`),
      ],
      { cwd: this.folder, env: { ...withoutAws(process.env), ...environment } },
    )
  }

  /** Packages the stack. Fails with the output of serverless. */
  async package(
    parameters: Readonly<Record<string, string>> = {},
    options?: ServerlessOptions,
  ): Promise<Packaged> {
    const packaging = this.serverless('package', parameters, options)
    if ((await packaging.ended) !== 0) throw new Error(packaging.stdout() + packaging.stderr())
    const made = join(this.folder, '.serverless')
    const templateFile = join(made, 'cloudformation-template-update-stack.json')
    const portableFile = join(made, 'flyte-webhook.template.json')
    return {
      said: packaging.stdout() + packaging.stderr(),
      zip: join(made, 'flyte-webhook.zip'),
      templateFile,
      template: JSON.parse(await readFile(templateFile, 'utf8')),
      portableFile,
      portable: JSON.parse(await readFile(portableFile, 'utf8')),
    }
  }

  /** Changes serverless.yml. */
  async edit(change: (text: string) => string): Promise<void> {
    const file = join(this.folder, 'serverless.yml')
    await writeFile(file, change(await readFile(file, 'utf8')))
  }
}

/** Removes the machine's AWS settings, so that they do not affect tests. */
const withoutAws = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')))
