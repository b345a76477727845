import { access } from 'node:fs/promises'
import type { NonEmpty } from '../errors.ts'
import type { PullContainer } from '../manager-kit/wants.ts'
import { expanded } from './kubelet.ts'
import { canary } from './samples.ts'
import { type Played, Sandbox } from './sandbox.ts'

/** Marks a text that was run or expanded, and occurs nowhere else. */
const trace = 'a-canary-has-sung'

const shells: readonly string[] = ['sh', 'bash', 'dash', 'ash', '/bin/sh', '/bin/bash']
/** Names of programs. Every program that a script calls exists. */
const programName = /[A-Za-z][\w.-]*/g

/**
 * Runs init containers in a real shell that traces its commands (`-x`), and checks whether it runs or expands a text of a request.
 * Every program that a script calls exists and does nothing. It succeeds in one run and fails in another, and the script continues.
 */
export class ShellCheck {
  readonly #sandbox: Sandbox
  readonly #installed = new Set<string>([canary.program])
  /** The number of checked containers. Many texts occur in no command. */
  readonly #done = new Set<string>()

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  static async create(): Promise<ShellCheck> {
    const sandbox = await Sandbox.create()
    await sandbox.install(canary.program, `echo ${trace}; echo > '${sandbox.path('sung')}'`)
    // An unquoted glob finds it.
    await sandbox.install(`../work/${trace}`, '')
    return new ShellCheck(sandbox)
  }

  /** The fault of a container, or undefined. */
  async faultOf(container: PullContainer): Promise<string | undefined> {
    const { command } = container
    if (command === undefined || this.#done.has(JSON.stringify(command))) return undefined
    this.#done.add(JSON.stringify(command))
    if (command.some((word) => word.includes('\0'))) return 'a command cannot contain a NUL'
    const environment = { [canary.variable]: trace }
    if (command.some((word) => expanded(word, environment).includes(trace)))
      return 'the kubelet expands it: pass each word of the command through withoutExpansion'
    if (!shells.includes(command[0]) || !command.some(couldSing)) return undefined
    for (const status of [0, 1]) {
      await this.#installProgramsOf(command, status)
      const played = await this.#sandbox.run(withShell(container), { environment, as: traced })
      if (await this.#hasSung(played))
        return 'the shell runs or expands it: pass it to the script as an argument ("$1"), or quote it with shellWord'
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

/** The container with `sh` as its shell, and some text in place of the values from a Secret. */
const withShell = ({ command, env, privateVolumes: _, ...rest }: PullContainer): PullContainer => {
  const [, ...words] = command ?? []
  const [first, ...others] = (env ?? []).map((one) => ('value' in one ? one : { name: one.name, value: 'a' }))
  return { ...rest, command: ['sh', ...words], ...(first === undefined ? {} : { env: [first, ...others] }) }
}

/** The shell prints each command that it runs, and continues after a failure. */
const traced = ([shell, ...words]: NonEmpty<string>): NonEmpty<string> => {
  const script = words.findIndex((word) => !/^[-+]/.test(word))
  const options = words.slice(0, script).map((word) => word.replace('e', ''))
  return [shell, '-x', ...options.filter((word) => word !== '-'), ...words.slice(script)]
}
