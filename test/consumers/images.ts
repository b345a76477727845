import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programPath } from '../managers/scripts/pull-container.ts'
import { awsEnvironment } from '../support/moto.ts'
import { motoEnvironment } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'

/** The programs that make env files. */
const envFileTools = ['od', 'wc', 'mv', 'head', 'tail']

interface ImagesOptions {
  readonly held: Readonly<Record<string, string>>
  readonly programs: Readonly<Record<string, string>>
  readonly awsEndpoint: string
}

/** The programs in the images of init containers. The AWS CLI is real; other programs read from a folder with `held <name>`. */
export class Images {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Writes the programs. `held`: the stores' values, by the requested names. `programs`: scripts that replace the images'
   * programs.
   */
  static async create({ held, programs, awsEndpoint }: ImagesOptions): Promise<Images> {
    const folder = await mkdtemp(join(tmpdir(), 'images-'))
    await chmod(folder, 0o755)
    const images = new Images(folder)
    await Promise.all([mkdir(images.path), mkdir(images.#store)])
    for (const [name, text] of Object.entries(held))
      await writeFile(join(images.#store, Buffer.from(name).toString('base64url')), text)
    await writeFile(images.#token, federatedToken)
    const aws = `exec ${join(motoEnvironment, 'bin/aws')} --endpoint-url ${awsEndpoint} "$@"`
    const write = `exec cat "${images.#store}/$(printf %s "$1" | base64 -w 0 | tr +/ -_ | tr -d =)"`
    for (const [name, script] of Object.entries({ held: write, aws, ...programs })) {
      await writeFile(join(images.path, name), `#!/bin/sh\nset -eu\n${script}\n`)
      await chmod(join(images.path, name), 0o755)
    }
    for (const tool of ['jq', 'chmod', 'tr', ...envFileTools])
      await symlink(programPath(tool), join(images.path, tool))
    return images
  }

  /** The folder for PATH. */
  get path(): string {
    return join(this.#folder, 'bin')
  }

  /** The variables that the platforms' own webhooks add to init containers. */
  get environment(): Readonly<Record<string, string>> {
    return {
      ...awsEnvironment,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AZURE_CLIENT_ID: 'client',
      AZURE_TENANT_ID: 'tenant',
      AZURE_FEDERATED_TOKEN_FILE: this.#token,
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true })
  }

  get #store(): string {
    return join(this.#folder, 'store')
  }

  get #token(): string {
    return join(this.#folder, 'token')
  }
}

/** The token that Azure Workload Identity writes to a file. */
export const federatedToken = 'a.federated.token'

/** Returns the command of a container: its own, or its image's entrypoint. */
export const commandOf = (
  { name, image, command }: Json,
  entrypoints: Readonly<Record<string, readonly string[]>>,
): readonly string[] => {
  const run = command ?? entrypoints[image]
  if (run === undefined) throw new Error(`${name} has no command, and its consumer row names no entrypoint`)
  return run
}
