import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import type { NonEmpty } from '../errors.ts'
import type { PullContainer } from '../manager-kit/wants.ts'
import { textOf } from '../secret-value.ts'
import { expanded } from './kubelet.ts'

/** What a container did before it ended. */
export interface Played {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  /** The files in its volumes: the path in the container → the content. */
  readonly files: Readonly<Record<string, string>>
}

/** Variables by their names, or the keys of a Secret. */
export type Texts = Readonly<Record<string, string>>

/** A shell that some image calls `sh`. */
export interface Shell {
  readonly name: string
  readonly command: NonEmpty<string>
}

export interface RunOptions {
  readonly shell?: Shell
  readonly environment?: Texts
  /** The Secrets of the pod's namespace: name → key → text. */
  readonly secrets?: Readonly<Record<string, Texts>>
  /** Changes the words of the command before they run. */
  readonly as?: (words: NonEmpty<string>) => NonEmpty<string>
}

/** The tools of an image besides the program that fetches. */
const tools =
  'base64 basename cat chmod cp cut dirname env grep head ls mkdir mktemp mv od rm sed sh sort tail tee touch tr wc'.split(
    ' ',
  )

/** No init container of a test waits for anything. */
const timeoutMs = 30_000

/** Where this machine has a program. */
const programPath = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

/** `sh` of this machine. */
const ownShell = (): Shell => {
  const path = programPath('sh')
  if (path === undefined) throw new Error('this needs a POSIX shell, but sh is not in PATH')
  return { name: 'sh', command: [path] }
}

/** The shells of this machine that images use as `sh`: Debian's, Alpine's, and Amazon Linux's. */
export const shellsHere: readonly Shell[] = [
  { name: 'dash', args: [] },
  { name: 'busybox', args: ['sh'] },
  { name: 'bash', args: ['--posix'] },
].flatMap(({ name, args }): readonly Shell[] => {
  const path = programPath(name)
  return path === undefined ? [] : [{ name, command: [path, ...args] }]
})

/** A folder that runs containers as the kubelet does, with only the shell and a few tools of this machine. */
export class Sandbox {
  readonly #folder: string
  #runs = 0

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async create(programs: Texts = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), 'flyte-webhook-')))
    await Promise.all(['programs', 'tools', 'volumes', 'work'].map((name) => mkdir(sandbox.path(name))))
    for (const tool of tools) {
      const path = programPath(tool)
      if (path !== undefined) await symlink(path, sandbox.path('tools', tool))
    }
    for (const [name, script] of Object.entries(programs)) await sandbox.install(name, script)
    return sandbox
  }

  path(...parts: readonly string[]): string {
    return join(this.#folder, ...parts)
  }

  hasTool(name: string): boolean {
    return tools.includes(name)
  }

  /** Adds a program at the front of PATH. */
  async install(name: string, script: string): Promise<void> {
    await writeFile(this.path('programs', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  }

  /** Runs a container with empty volumes until it ends. */
  async run(container: PullContainer, options: RunOptions = {}): Promise<Played> {
    const volumes = this.path('volumes', String(this.#runs++))
    const mounts = container.volumeMounts.map(({ name, mountPath }) => ({
      mountPath,
      folder: join(volumes, name),
    }))
    for (const { folder } of mounts) await mkdir(folder, { recursive: true })
    await this.#fillSecrets(container, volumes, options)
    const ended = await this.#ended(container, mounts, options)
    const files: Record<string, string> = {}
    for (const { mountPath, folder } of mounts) Object.assign(files, await filesBelow(folder, mountPath))
    return { ...ended, files }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }

  async #fillSecrets(container: PullContainer, volumes: string, options: RunOptions): Promise<void> {
    for (const volume of container.privateVolumes ?? []) {
      if (volume.kind !== 'secret') continue
      for (const { key, path } of volume.items)
        await writeFile(join(volumes, volume.name, path), secretText(volume.secretName, key, options))
    }
  }

  #ended(container: PullContainer, mounts: readonly Mount[], options: RunOptions) {
    const { command } = container
    if (command === undefined)
      throw new Error(`${container.name} has no command: the sandbox cannot run its image's own`)
    const variables = { ...options.environment, ...variablesOf(container, options) }
    const here = (text: string): string => inFolders(text, mounts)
    const [first, ...rest] = command
    const words: NonEmpty<string> = [
      here(expanded(first, variables)),
      ...rest.map((word) => here(expanded(word, variables))),
    ]
    const [program, ...args] = options.as?.(words) ?? words
    const [file, ...before] = program === 'sh' ? (options.shell ?? ownShell()).command : ([program] as const)
    const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, here(value)]))
    return ended(file, [...before, ...args], {
      cwd: this.path('work'),
      env: { PATH: `${this.path('programs')}:${this.path('tools')}`, HOME: this.path('work'), ...env },
    })
  }
}

interface Mount {
  readonly mountPath: string
  readonly folder: string
}

/** A text in which the folders of volumes replace their paths. */
const inFolders = (text: string, mounts: readonly Mount[]): string => {
  const longestFirst = mounts.toSorted((a, b) => b.mountPath.length - a.mountPath.length)
  const paths = longestFirst.map(({ mountPath }) => escaped(mountPath)).join('|')
  return text.replaceAll(
    new RegExp(paths, 'g'),
    (found) => mounts.find(({ mountPath }) => mountPath === found)?.folder ?? found,
  )
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** The pod doubles every `$` of a plain value, so the kubelet expands nothing in it. */
const variablesOf = ({ env }: PullContainer, options: RunOptions): Texts =>
  Object.fromEntries(
    (env ?? []).map((variable) => {
      if ('value' in variable) return [variable.name, textOf(variable.value)]
      const { name, key } = variable.valueFrom.secretKeyRef
      return [variable.name, secretText(name, key, options)]
    }),
  )

const secretText = (name: string, key: string, { secrets = {} }: RunOptions): string => {
  const text = secrets[name]?.[key]
  if (text === undefined) throw new Error(`CreateContainerConfigError: no key ${key} in a Secret ${name}`)
  return text
}

const filesBelow = async (folder: string, mountPath: string): Promise<Texts> => {
  const files: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile()) files[`${mountPath}${file.slice(folder.length)}`] = await readFile(file, 'utf8')
  }
  return files
}

const ended = (
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Texts },
): Promise<Omit<Played, 'files'>> =>
  new Promise((resolve, reject) => {
    execFile(file, args, { ...options, timeout: timeoutMs }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code
      if (typeof status === 'number') resolve({ status, stdout, stderr })
      else reject(new Error(`${file} did not exit by itself`, { cause: error }))
    }).stdin?.end()
  })
