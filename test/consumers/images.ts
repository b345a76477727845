import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programPath } from '../managers/scripts/pull-container.ts'
import { awsEnvironment } from '../support/moto.ts'
import { motoEnvironment } from '../support/moto-environment.ts'
import type { Json } from '../support/pods.ts'

/** What makes env files. */
const envFileTools = ['od', 'wc', 'mv', 'head', 'tail']

interface ImagesOptions {
  readonly held: Readonly<Record<string, string>>
  readonly programs: Readonly<Record<string, string>>
  readonly awsEndpoint: string
}

/** What the images of init containers have: the AWS CLI is real; other programs read by `held <name>` from a folder. */
export class Images {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** `held`: what stores hold, by the name that each is asked for. `programs`: scripts that stand for those of images. */
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

  /** The folder of PATH. */
  get path(): string {
    return join(this.#folder, 'bin')
  }

  /** What the platforms' own webhooks give to init containers. */
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

/** What Azure Workload Identity puts into a file. */
export const federatedToken = 'a.federated.token'

/** What a container runs: its own command, or what its image runs by itself. */
export const commandOf = (
  { name, image, command }: Json,
  entrypoints: Readonly<Record<string, readonly string[]>>,
): readonly string[] => {
  const run = command ?? entrypoints[image]
  if (run === undefined) throw new Error(`${name} has no command, and its consumer row names no entrypoint`)
  return run
}
