import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type Running, run } from '../support/program.ts'

/** The oldest major version of Node that the package supports. */
const nodeMajor = 22

/** A team's machine: an empty HOME, Node 22, and nothing from this repository on PATH or in the environment. */
export class TeamFolder {
  /** The team's working folder, initially empty. */
  readonly path: string
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
    this.path = join(root, 'work')
  }

  static async create(): Promise<TeamFolder> {
    const team = new TeamFolder(await mkdtemp(join(tmpdir(), 'team-')))
    for (const name of ['home', 'node', 'work']) await mkdir(join(team.#root, name))
    const manifest = { private: true, allowScripts: { node: true } }
    await writeFile(join(team.#root, 'node/package.json'), JSON.stringify(manifest))
    await team.succeed('npm', ['install', `node@${nodeMajor}`], '../node')
    return team
  }

  /** Starts a program in a subfolder of the team's folder. */
  run(command: string, args: readonly string[], folder = ''): Running {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_OPTIONS$|VITEST|AWS_)/.test(name),
    )
    const path = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'))
    const env = {
      ...Object.fromEntries(inherited),
      HOME: join(this.#root, 'home'),
      PATH: [join(this.#root, 'node/node_modules/.bin'), ...path].join(delimiter),
    }
    return run(command, args, { cwd: join(this.path, folder), env, stdio: ['ignore', 'pipe', 'pipe'] })
  }

  /** Runs a program and returns its output. Throws unless it exits 0. */
  async succeed(command: string, args: readonly string[], folder = ''): Promise<string> {
    const program = this.run(command, args, folder)
    const status = await program.ended
    if (status !== 0)
      throw new Error(`${command} ${args.join(' ')}: ${status}\n${program.stdout()}${program.stderr()}`)
    return program.stdout()
  }

  read(name: string): Promise<string> {
    return readFile(join(this.path, name), 'utf8')
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.path, name), text)
  }

  remove(): Promise<void> {
    return rm(this.#root, { recursive: true })
  }
}
