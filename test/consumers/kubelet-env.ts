import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { buildGo, hasGo } from './go.ts'

if (!hasGo)
  console.warn("SKIPPED: variables from files, because there is no go to build the kubelet's parser with")

/** The kubelet's result for an env file: the variable, or the reason why the container does not start. */
export type FromEnvFile = { readonly value: Buffer } | { readonly error: string }

/** Go's options for two versions of the parser: a recent one, and the first minor version with env files on by default. */
const versions = [[], ['-modfile=kubelet-1.35.mod']] as const

/** The kubelet's parser of env files. */
export class KubeletEnv {
  readonly #programs: readonly string[]

  private constructor(programs: readonly string[]) {
    this.#programs = programs
  }

  static async build(): Promise<KubeletEnv> {
    return new KubeletEnv(await Promise.all(versions.map((options) => buildGo('kubelet-env', ...options))))
  }

  /** Reads the variable `V` of each file. Fails unless the versions agree. */
  read(paths: readonly string[]): readonly FromEnvFile[] {
    const [first = '', ...others] = this.#programs.map((program) => {
      const input = paths.map((path) => `${path}\n`).join('')
      const { status, stdout, stderr } = spawnSync(program, {
        input,
        encoding: 'utf8',
        maxBuffer: 256 * 1024 * 1024,
      })
      if (status !== 0) throw new Error(stderr)
      return stdout
    })
    if (others.some((other) => other !== first)) throw new Error('versions of the kubelet differ')
    const answers = first.split('\n').slice(0, -1)
    if (answers.length !== paths.length) throw new Error('not each file is answered')
    return answers.map((line) => {
      const { value, error } = JSON.parse(line)
      return error === undefined ? { value: Buffer.from(value, 'base64') } : { error }
    })
  }

  async remove(): Promise<void> {
    await Promise.all(this.#programs.map((program) => rm(dirname(program), { recursive: true })))
  }
}
