import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { applyPatch } from 'rfc6902'
import { environmentOf, type Secrets } from '../managers/kubelet.ts'
import { PodFolder, shellsHere } from '../managers/scripts/pull-container.ts'
import type { Json } from '../support/pods.ts'
import { commandOf, type Images } from './images.ts'
import { JsonLines } from './json-lines.ts'
import { python } from './python.ts'

export interface NodeOptions {
  readonly images: Images
  /** The entrypoints of images, by image. */
  readonly entrypoints: Readonly<Record<string, readonly string[]>>
  /** The path of the program `vault-agent`, if Go is installed. */
  readonly vaultAgent: string | undefined
  /** Vault's data: path → data. */
  readonly vault: Json
}

/** A container that was started: its name, and the results of all reads in it. */
export interface Started {
  readonly container: string
  readonly results: readonly Json[]
}

interface Reading {
  readonly pod: Json
  readonly container: Json
  readonly secrets: Secrets
  readonly reads: readonly Json[]
}

/** Runs stored pods as the kubelet does: init containers one by one, then the others. */
export class Node {
  readonly #options: NodeOptions
  readonly #containers: JsonLines
  readonly #vaultAgent: JsonLines | undefined

  constructor(options: NodeOptions) {
    this.#options = options
    const program = join(import.meta.dirname, 'container.py')
    // A container's own locale is C.UTF-8 unless its image sets another (Python, PEP 538).
    this.#containers = JsonLines.start(python, [program], { PATH: process.env['PATH'], PYTHONUTF8: '1' })
    if (options.vaultAgent !== undefined) this.#vaultAgent = JsonLines.start(options.vaultAgent, [])
  }

  async stop(): Promise<void> {
    await Promise.all([this.#containers.stop(), this.#vaultAgent?.stop()])
  }

  /** Runs a pod's containers. Performs the reads in the containers of its author (`authored`). */
  async run(
    pod: Json,
    secrets: Secrets,
    { authored, reads }: { readonly authored: readonly string[]; readonly reads: readonly Json[] },
  ): Promise<readonly Started[]> {
    const at = await PodFolder.create()
    const started: Started[] = []
    try {
      await at.createVolumes(pod, secrets)
      for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
        if (authored.includes(container.name))
          started.push(await this.#read(at, { pod, container, secrets, reads }))
        else if (container.name === 'vault-agent-init') await this.#render(at, container)
        else await this.#pull(at, pod, container)
      }
      return started
    } finally {
      await at.remove()
    }
  }

  async #read(at: PodFolder, { pod, container, secrets, reads }: Reading): Promise<Started> {
    const root = join(at.folder, `root-of-${container.name}`)
    await mkdir(root)
    const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }: Json) => ({
      from: at.volume(name),
      to: mountPath,
      // The kubelet always mounts the volume of a Secret read-only (`makeMounts`, `mustMountRO`).
      readOnly:
        readOnly || pod.spec.volumes.some((one: Json) => one.name === name && one.secret !== undefined),
    }))
    // The kubelet reads variables only from files of such volumes.
    const fileIn = (volume: string, path: string): Uint8Array | undefined =>
      pod.spec.volumes.some(({ name, emptyDir }: Json) => name === volume && emptyDir !== undefined)
        ? contentOf(join(at.volume(volume), path))
        : undefined
    const variables = environmentOf(container, { secrets, fileIn })
    const { results, error } = await this.#containers.ask({ root, variables, mounts, reads })
    if (error !== undefined) throw new Error(`the container ${container.name} does not start: ${error}`)
    return { container: container.name, results }
  }

  /** Runs one of this project's init containers. (`test/managers/scripts` runs them in every shell; here one is enough.) */
  async #pull(at: PodFolder, pod: Json, container: Json): Promise<void> {
    const { images, entrypoints } = this.#options
    const [shell] = shellsHere
    const ended = await at.run(
      pod,
      { ...container, command: commandOf(container, entrypoints) },
      {
        shell: shell?.name ?? 'dash',
        path: [images.path],
        environment: images.environment,
        readsAll: true,
      },
    )
    if (ended.status !== 0) throw new Error(`${container.name} ended with ${ended.status}: ${ended.stderr}`)
  }

  /** Returns a pod after Vault's injector, as if it were a webhook of the API server. */
  async injected(pod: Json): Promise<Json> {
    if (pod.metadata.annotations?.['vault.hashicorp.com/agent-inject'] !== 'true') return pod
    const { patch, error } = await this.#askVault({ inject: pod })
    if (error !== undefined) throw new Error(`the injector refuses the pod: ${error}`)
    const copy = structuredClone(pod)
    for (const failed of applyPatch(copy, patch)) if (failed !== null) throw failed
    return withEnvOf(pod, copy)
  }

  async #askVault(question: Json): Promise<Json> {
    if (this.#vaultAgent === undefined) throw new Error('a pod of Vault, and no program vault-agent')
    return this.#vaultAgent.ask(question)
  }

  async #render(at: PodFolder, { env, volumeMounts }: Json): Promise<void> {
    const { value } = env.find(({ name }: Json) => name === 'VAULT_CONFIG')
    const render = JSON.parse(Buffer.from(value, 'base64').toString())
    const { files, error } = await this.#askVault({ render, secrets: this.#options.vault })
    if (error !== undefined) throw new Error(`vault-agent-init fails: ${error}`)
    for (const [path, content] of Object.entries<string>(files)) {
      const { name, mountPath } = volumeMounts.find((mount: Json) => path.startsWith(`${mount.mountPath}/`))
      const file = join(at.volume(name), path.slice(mountPath.length))
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, Buffer.from(content, 'base64'))
    }
  }
}

/**
 * Restores the variables of init containers. The injector of go.mod rewrites those that it moves after its own, and drops the
 * unknown `fileKeyRef`. From 1.7.1 on it keeps it (`doctor` checks the version).
 */
const withEnvOf = (before: Json, pod: Json): Json => {
  const own = new Map((before.spec.initContainers ?? []).map(({ name, env }: Json) => [name, env]))
  const initContainers = pod.spec.initContainers?.map((container: Json) =>
    own.get(container.name) === undefined ? container : { ...container, env: own.get(container.name) },
  )
  return { ...pod, spec: { ...pod.spec, initContainers } }
}

const contentOf = (file: string): Uint8Array | undefined => {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}
