import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { type Running, run } from '../support/program.ts'

/** A resource of a packaged template, as JSON. */
export interface PackagedResource {
  readonly Type: string
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test reads of a template it asserts.
  readonly Properties: Record<string, any>
  readonly DependsOn?: string | readonly string[]
}

/** A template, as JSON. */
export interface PackagedTemplate {
  readonly Description: string
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test reads of a template it asserts.
  readonly Parameters?: Readonly<Record<string, any>>
  readonly Resources: Readonly<Record<string, PackagedResource>>
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>
}

/** What `serverless package` wrote. */
export interface Packaged {
  /** What it told the operator. */
  readonly said: string
  readonly zip: string
  /** The one that osls deploys. */
  readonly templateFile: string
  readonly template: PackagedTemplate
  /** The one for every other tool. */
  readonly portableFile: string
  readonly portable: PackagedTemplate
}

/** SHA-256 of nobody's token: packaging asks for one. */
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

/** A copy of the project in which serverless can be run beside others, and whose serverless.yml can be changed. */
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

  /** Runs a command of serverless, as npm's scripts do; without the machine's own settings of AWS. */
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

  /** Packages the stack; fails with what serverless said. */
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

/** What the machine says of AWS must not decide what a test sees. */
const withoutAws = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')))
