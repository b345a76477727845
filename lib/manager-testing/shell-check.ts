import { access } from 'node:fs/promises'
import type { NonEmpty } from '../errors.ts'
import type { PullContainer } from '../manager-kit/wants.ts'
import { expanded } from './kubelet.ts'
import { canary } from './samples.ts'
import { type Played, Sandbox } from './sandbox.ts'

/** What stands where a text was run or expanded, and nowhere else. */
const trace = 'a-canary-has-sung'

const shells: readonly string[] = ['sh', 'bash', 'dash', 'ash', '/bin/sh', '/bin/bash']
/** Names that programs have; whatever of them a script calls is there. */
const programName = /[A-Za-z][\w.-]*/g

/**
 * Runs init containers in a real shell that traces what it runs (`-x`), and looks whether it runs or expands a text of a request.
 * Whatever program a script calls is there, and does nothing: once it succeeds, once it fails, and the script goes on.
 */
export class ShellCheck {
  readonly #sandbox: Sandbox
  readonly #installed = new Set<string>([canary.program])
  /** Containers that were looked at. Many texts stand in no command. */
  readonly #done = new Set<string>()

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  static async create(): Promise<ShellCheck> {
    const sandbox = await Sandbox.create()
    await sandbox.install(canary.program, `echo ${trace}; echo > '${sandbox.path('sung')}'`)
    // A glob that was not quoted finds it.
    await sandbox.install(`../work/${trace}`, '')
    return new ShellCheck(sandbox)
  }

  /** What is wrong with a container, or undefined. */
  async faultOf(container: PullContainer): Promise<string | undefined> {
    const { command } = container
    if (command === undefined || this.#done.has(JSON.stringify(command))) return undefined
    this.#done.add(JSON.stringify(command))
    if (command.some((word) => word.includes('\0'))) return 'no command can hold a NUL'
    const environment = { [canary.variable]: trace }
    if (command.some((word) => expanded(word, environment).includes(trace)))
      return 'the kubelet expands it: put each word of the command through withoutExpansion'
    if (!shells.includes(command[0]) || !command.some(couldSing)) return undefined
    for (const status of [0, 1]) {
      await this.#installProgramsOf(command, status)
      const played = await this.#sandbox.run(withShell(container), { environment, as: traced })
      if (await this.#hasSung(played))
        return 'the shell runs or expands it: hand it to the script as a word behind it ("$1"), or quote it by shellWord'
    }
    return undefined
  }

  remove(): Promise<void> {
    return this.#sandbox.remove()
  }

  async #installProgramsOf(command: NonEmpty<string>, status: number): Promise<void> {
    await this.#sandbox.install('.stub', `exit ${status}`)
    const names = new Set(command.join(' ').match(programName))
    for (const name of names) {
      if (this.#installed.has(name) || name.length > 64) continue
      this.#installed.add(name)
      if (!this.#sandbox.hasTool(name)) await this.#sandbox.install(name, 'exec .stub')
    }
  }

  async #hasSung({ stdout, stderr, files }: Played): Promise<boolean> {
    const said = [stdout, stderr, ...Object.entries(files).flat()]
    if (said.some((text) => text.includes(trace))) return true
    return access(this.#sandbox.path('sung')).then(
      () => true,
      () => false,
    )
  }
}

const couldSing = (word: string): boolean => word.includes(canary.program) || word.includes(canary.variable)

/** The container with `sh` as its shell, and some text in place of what comes from a Secret. */
const withShell = ({ command, env, privateVolumes: _, ...rest }: PullContainer): PullContainer => {
  const [, ...words] = command ?? []
  const [first, ...others] = (env ?? []).map((one) => ('value' in one ? one : { name: one.name, value: 'a' }))
  return { ...rest, command: ['sh', ...words], ...(first === undefined ? {} : { env: [first, ...others] }) }
}

/** The shell says each command that it runs, and goes on where one fails. */
const traced = ([shell, ...words]: NonEmpty<string>): NonEmpty<string> => {
  const script = words.findIndex((word) => !/^[-+]/.test(word))
  const options = words.slice(0, script).map((word) => word.replace('e', ''))
  return [shell, '-x', ...options.filter((word) => word !== '-'), ...words.slice(script)]
}
