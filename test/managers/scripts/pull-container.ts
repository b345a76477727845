import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Json } from '../../support/pods.ts'
import { expanded } from '../../../lib/manager-testing/kubelet.ts'
import { type Secrets } from '../kubelet.ts'

const isRoot = process.getuid?.() === 0
/** Whether this process can create a mount namespace with a read-only root file system. */
export const canRemount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0

/** The programs for `sh`: dash (Debian) and bash (Amazon Linux) come with coreutils, busybox with its own tools. */
const shells = (['dash', 'busybox', 'bash'] as const).map((name) => ({
  name,
  isThere: spawnSync(name, name === 'busybox' ? ['true'] : ['-c', 'true']).status === 0,
}))
export type Shell = (typeof shells)[number]['name']
export const shellsHere = shells.filter(({ isThere }) => isThere)

for (const { name, isThere } of shells) {
  if (!isThere)
    console.warn(`SKIPPED: the scripts of init containers run by ${name}, because there is no ${name}`)
}
if (!canRemount) {
  console.warn('SKIPPED: init containers run on a writable root file system, because this is not root')
}

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly shell: Shell
  /** Folders at the beginning of PATH. */
  readonly path?: readonly string[]
  /** Programs of coreutils or busybox that the image lacks. */
  readonly lacks?: readonly string[]
  /** Variables that other webhooks add to the container. */
  readonly environment?: Readonly<Record<string, string>>
  /** Limits each file to this many bytes, as a full volume does. */
  readonly maxFileBytes?: number
  /** Allows programs in folders that only root can read, such as this project's folder when root runs the tests. */
  readonly readsAll?: boolean
}

/** The volumes of a pod as folders. Runs its init containers in them as the kubelet does. */
export class PodFolder {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<PodFolder> {
    const folder = await mkdtemp(join(tmpdir(), 'pod-'))
    await chmod(folder, 0o755)
    return new PodFolder(folder)
  }

  /** Returns the folder that replaces a volume wherever it is mounted. */
  volume(name: string): string {
    return join(this.folder, 'volumes', name)
  }

  /** Creates the folders of all volumes, and fills those of Secrets. */
  async createVolumes(pod: Json, secrets: Secrets = {}): Promise<void> {
    await this.#createFolders(pod)
    for (const volume of pod.spec.volumes ?? []) {
      const { name, secret, csi } = volume
      if (csi !== undefined) await this.#fillClass(name, csi.volumeAttributes.secretProviderClass, secrets)
      if (secret === undefined) continue
      await this.fillSecret(volume, secrets[secret.secretName])
      for (const below of nestedMountPoints(pod, name))
        await mkdir(join(this.volume(name), below), { recursive: true })
    }
  }

  async #createFolders(pod: Json): Promise<void> {
    for (const { name, emptyDir } of pod.spec.volumes ?? []) {
      await mkdir(this.volume(name), { recursive: true })
      // Kubernetes, `emptyDir`: every user can write.
      if (emptyDir !== undefined) await chmod(this.volume(name), 0o777)
    }
  }

  /** Fills a volume of the Secrets Store CSI driver with all files of a class, which reads from the Secret of the same name. */
  async #fillClass(volume: string, name: string, secrets: Secrets): Promise<void> {
    const files = secrets[name]
    if (files === undefined) throw new Error(`FailedMount: there is no SecretProviderClass ${name}`)
    for (const [file, content] of Object.entries(files))
      await writeFile(join(this.volume(volume), file), content, { mode: 0o644 })
  }

  /**
   * Fills the volume of a Secret as the kubelet does: with its items at their paths or all keys, as links that it can replace
   * at once. Missing data is skipped if the volume is optional, and otherwise an error.
   */
  async fillSecret({ name, secret }: Json, data: Secrets[string] | undefined): Promise<void> {
    const inside = join(this.volume(name), '..2026_11_23')
    await mkdir(inside, { recursive: true })
    await symlink('..2026_11_23', join(this.volume(name), '..data'))
    const all = Object.keys(data ?? {}).map((key) => ({ key, path: key }))
    if (data === undefined && secret.optional !== true)
      throw new Error(`FailedMount: there is no Secret ${secret.secretName}`)
    for (const { key, path } of secret.items ?? all) {
      const content = data?.[key]
      if (content === undefined && secret.optional !== true)
        throw new Error(`FailedMount: there is no key ${key} in the Secret ${secret.secretName}`)
      if (content === undefined) continue
      await writeFile(join(inside, path), content, { mode: 0o644 })
      await symlink(join('..data', path), join(this.volume(name), path))
    }
  }

  /** Returns all files of a volume: path → content. */
  async files(name: string): Promise<Record<string, Buffer>> {
    const found: Record<string, Buffer> = {}
    for (const entry of await readdir(this.volume(name), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) found[path.slice(this.volume(name).length + 1)] = await readFile(path)
    }
    return found
  }

  async modeOf(name: string, path: string): Promise<number> {
    return (await stat(join(this.volume(name), path))).mode & 0o777
  }

  /** Runs one of the pod's init containers to its end. */
  async run(pod: Json, container: Json, options: RunOptions): Promise<Ended> {
    await this.#createFolders(pod)
    const here = (text: string): string =>
      container.volumeMounts.reduce(
        (done: string, { name, mountPath }: Json) => done.replaceAll(mountPath, this.volume(name)),
        text,
      )
    const bare = { ...options.environment, ...plainVariables(container) }
    const variables = Object.fromEntries(Object.entries(bare).map(([name, value]) => [name, here(value)]))
    const [shell, ...words]: string[] = container.command.map((word: string) => here(expanded(word, bare)))
    if (shell !== 'sh') throw new Error(`${shell} is not sh`)
    const path = [...(options.path ?? []), await this.#tools(options)].join(':')
    const writable = container.volumeMounts.filter(({ readOnly }: Json) => readOnly !== true)
    const given = Object.entries({ PATH: path, HOME: '/', ...variables })
    const environment = given.map(([name, value]) => `${name}=${value}`)
    const volumes = writable.map(({ name }: Json) => this.volume(name))
    const most = options.maxFileBytes
    const limit = most === undefined ? [] : ['prlimit', `--fsize=${most}`]
    const prefix = [...limit, ...restricted(volumes, options.readsAll === true)]
    return ended([...prefix, 'env', '-i', ...environment, ...shellOf(options.shell), ...words])
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }

  /** Creates a folder for PATH with the tools of the scripts, from coreutils or, for busybox, from busybox. */
  async #tools({ shell, lacks = [] }: RunOptions): Promise<string> {
    const tools = join(this.folder, [shell, ...lacks].join('-without-'))
    await mkdir(tools, { recursive: true })
    if (shell === 'busybox') execFileSync('busybox', ['--install', '-s', tools])
    else
      for (const tool of coreutils) await symlink(programPath(tool), join(tools, tool)).catch(() => undefined)
    for (const tool of lacks) await rm(join(tools, tool))
    return tools
  }
}

/** Returns the mount points that the kubelet creates inside the read-only volume of a Secret (`MakeNestedMountpoints`). */
const nestedMountPoints = ({ spec }: Json, volume: string): readonly string[] =>
  [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ volumeMounts = [] }: Json) =>
    volumeMounts
      .filter(({ name }: Json) => name === volume)
      .flatMap(({ mountPath: above }: Json) =>
        volumeMounts
          .filter(({ mountPath }: Json) => mountPath.startsWith(`${above}/`))
          .map(({ mountPath }: Json) => mountPath.slice(above.length)),
      ),
  )

const coreutils = 'base64 cat chmod cp head mkdir mktemp mv od rm tail wc'.split(' ')

const plainVariables = ({ env = [] }: Json): Record<string, string> =>
  Object.fromEntries(env.map(({ name, value = '' }: Json) => [name, expanded(value)]))

/** Returns a command prefix that runs a program without root, on a read-only root file system. */
const restricted = (writable: readonly string[], readsAll: boolean): readonly string[] => {
  if (!isRoot) return []
  const readAll = readsAll ? ['--inh-caps=-all,+dac_read_search', '--ambient-caps=-all,+dac_read_search'] : []
  const user = ['setpriv', '--reuid=65532', '--regid=65532', '--clear-groups', '--no-new-privs', ...readAll]
  if (!canRemount) return user
  const script =
    'mount --make-rprivate /; while [ "$1" != -- ]; do mount --bind "$1" "$1"; shift; done; shift; mount -o remount,bind,ro /; cd /; exec "$@"'
  return ['unshare', '--mount', 'sh', '-ec', script, 'sh', ...writable, '--', ...user]
}

/** Returns the command for `sh`. Only this one of the three must exist on the machine. */
const shellOf = (shell: Shell): readonly string[] => {
  const program = programPath(shell)
  switch (shell) {
    case 'dash':
      return [program]
    case 'busybox':
      return [program, 'sh']
    case 'bash':
      return [program, '--posix']
  }
}

/** Returns the path of a program on this machine. */
export const programPath = (name: string): string =>
  execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()

const ended = ([command = '', ...args]: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    execFile(command, args, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code
      if (typeof status === 'number') resolve({ status, stdout, stderr })
      else reject(error ?? new Error('it did not end'))
    }).stdin?.end()
  })
