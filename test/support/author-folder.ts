import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import type { Ended } from './command.ts'
import { run } from './program.ts'

/** A folder outside this project that links to it, like `npm install file:…`. */
export class AuthorFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<AuthorFolder> {
    const path = await mkdtemp(join(tmpdir(), 'author-'))
    await mkdir(join(path, 'node_modules'))
    await symlink(projectRoot, join(path, 'node_modules', 'flyte-webhook'))
    return new AuthorFolder(path)
  }

  /** Runs Node in the folder, as its author does. */
  async node(...args: readonly string[]): Promise<Ended> {
    // Vitest's variables change how Node's own runner reports.
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env
    const program = run(process.execPath, args, { cwd: this.path, env })
    program.process.stdin?.end()
    return { status: await program.ended, stdout: program.stdout(), stderr: program.stderr() }
  }

  flyteWebhook(...args: readonly string[]): Promise<Ended> {
    return this.node('node_modules/flyte-webhook/infra/cli/flyte-webhook.js', ...args)
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true })
  }
}
