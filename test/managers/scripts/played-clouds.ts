import { isUtf8 } from 'node:buffer'
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PureManager } from '../../../lib/manager-kit/manager.ts'
import { createAwsCli } from '../../../lib/managers/aws-cli.ts'
import { createAzure } from '../../../lib/managers/azure.ts'
import { createGcp } from '../../../lib/managers/gcp.ts'
import type { SecretRequest } from '../../../lib/request/secret-request.ts'
import type { KubeletEnv } from '../../consumers/kubelet-env.ts'
import type { Json } from '../../support/pods.ts'
import { podAsking, podServedBy } from '../decided.ts'
import { envFileOfPod, type Outcome } from '../env-values.ts'
import { host } from '../../../lib/manager-testing/samples.ts'
import { type Ended, PodFolder, programPath, type RunOptions, type Shell } from './pull-container.ts'

export interface Cloud {
  readonly name: string
  readonly manager: PureManager
  readonly asked: Partial<SecretRequest>
  /** The name of the secret in messages. */
  readonly secret: string
  /** The script that replaces the cloud's program; `$held` is the file with the value. */
  readonly program: readonly [name: string, script: string]
  /** Returns whether the cloud's program can hold such a value. */
  readonly holds: (value: Buffer) => boolean
  /** Returns the program's answer for a value. */
  readonly held: (value: Buffer) => string | Buffer
}

const pull = { sidecarImage: 'image', resources: {} }
export const hostileName = `it's "%s" $(HOME) $$ \`id\` \\n`
const uri = 'https://kv.vault.azure.net/secrets/db'

/** Returns Secrets Manager's answer: with the text, or with the bytes if the value is not text. */
export const awsAnswer = (value: Buffer): string =>
  JSON.stringify(
    isUtf8(value)
      ? { Name: 'db', SecretString: value.toString() }
      : { Name: 'db', SecretBinary: value.toString('base64') },
  )
const awsProgram = ['aws', '[ "$1 $2" = "secretsmanager get-secret-value" ]; cat "$held"'] as const
export const aws: Cloud = {
  name: 'AWS',
  manager: createAwsCli({ cliImage: 'image', resources: {} }, host),
  asked: { key: 'db' },
  secret: 'db',
  program: awsProgram,
  holds: () => true,
  held: awsAnswer,
}
export const keyOfAws: Cloud = {
  ...aws,
  name: 'AWS, by a key,',
  asked: { group: 'db', key: 'a key' },
  holds: isUtf8,
  held: (value) => awsAnswer(Buffer.from(JSON.stringify({ 'a key': value.toString() }))),
}
export const gcp: Cloud = {
  name: 'GCP',
  manager: createGcp(pull, host),
  asked: { group: 'db', groupVersion: '3' },
  secret: 'db',
  // A name that is not a full resource name belongs to the project. Only their owner can read the files.
  program: [
    'gcloud',
    '[ "$1 $2 $3 $4 $5" = "secrets versions access 3 --secret=db" ] || exit 1; umask 077; cat "$held" > "${6#--out-file=}"',
  ],
  holds: () => true,
  held: (value) => value,
}
/** Python drops characters that its encoding lacks (knack, `OutputProducer.out`). In an image without a locale, this is ASCII. */
export const azure: Cloud = {
  name: 'Azure',
  manager: createAzure(pull, host),
  asked: { group: uri, groupVersion: '0f3a' },
  secret: `${uri}/0f3a`,
  program: [
    'az',
    `case "$1" in
  login) [ "$*" = 'login --service-principal -u client -t tenant --federated-token token' ] ;;
  *)
    [ "$*" = 'keyvault secret show --id ${uri}/0f3a --query value -o tsv' ]
    if [ "\${PYTHONUTF8:-0}" = 1 ]; then cat "$held"; else tr -d '\\200-\\377' < "$held"; fi
    echo
    ;;
esac`,
  ],
  holds: () => true,
  held: (value) => value,
}

/** A pod that asks a cloud for a variable, with the image of its init container. */
export class Asking {
  readonly #cloud: Cloud
  readonly #pod: Json
  readonly #at: PodFolder

  private constructor(cloud: Cloud, pod: Json, at: PodFolder) {
    this.#cloud = cloud
    this.#pod = pod
    this.#at = at
  }

  static async of(cloud: Cloud, ...more: readonly Partial<SecretRequest>[]): Promise<Asking> {
    const { manager, asked, program } = cloud
    const requests = [asked, ...more].map((each) => ({ mountRequirement: 'ENV_VAR' as const, ...each }))
    const pod = await podServedBy(manager, podAsking(...requests))
    const asking = new Asking(cloud, pod, await PodFolder.create())
    await mkdir(asking.#image)
    await asking.play(...program)
    await symlink(programPath('jq'), join(asking.#image, 'jq'))
    await writeFile(join(asking.#image, 'token'), 'token')
    return asking
  }

  get #image(): string {
    return join(this.#at.folder, 'image')
  }

  /** Replaces a program of the image with a script. */
  async play(program: string, script: string): Promise<void> {
    const path = join(this.#image, program)
    const own = `PATH=${process.env['PATH']} held=${join(this.#at.folder, 'held')}`
    await writeFile(path, `#!/bin/sh\nset -eu\n${own}\n${script}\n`)
    await chmod(path, 0o755)
  }

  /** Returns the outcome of each value, each in empty volumes. */
  async outcomes(values: readonly Buffer[], shell: Shell, kubelet: KubeletEnv): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    for (const value of values) {
      await rm(join(this.#at.folder, 'volumes'), { recursive: true, force: true })
      outcomes.push(await this.outcome(value, await this.run(this.#cloud.held(value), { shell }), kubelet))
    }
    return outcomes
  }

  get maxBytes(): number {
    return envFileOfPod(this.#pod).maxBytes
  }

  /** Runs the init container while the cloud holds this. */
  async run(held: string | Buffer, options: RunOptions): Promise<Ended> {
    await writeFile(join(this.#at.folder, 'held'), held)
    const azureWorkloadIdentity = {
      AZURE_CLIENT_ID: 'client',
      AZURE_TENANT_ID: 'tenant',
      AZURE_FEDERATED_TOKEN_FILE: join(this.#image, 'token'),
    }
    return this.#at.run(this.#pod, this.#pod.spec.initContainers[0], {
      path: [this.#image],
      environment: azureWorkloadIdentity,
      ...options,
    })
  }

  /** Returns the remaining files of all volumes, each by its volume's name and its path. */
  async left(): Promise<Readonly<Record<string, Buffer>>> {
    const volumes: readonly string[] = this.#pod.spec.volumes.map(({ name }: Json) => name)
    const files = volumes.map(async (volume) =>
      Object.entries(await this.#at.files(volume)).map(
        ([path, content]) => [`${volume}/${path}`, content] as const,
      ),
    )
    return Object.fromEntries((await Promise.all(files)).flat())
  }

  get envFile(): string {
    const { volume, path } = envFileOfPod(this.#pod)
    return `${volume}/${path}`
  }

  /** Returns what the kubelet reads, or the message of the init container. */
  async outcome(value: Buffer, { status, stdout, stderr }: Ended, kubelet: KubeletEnv): Promise<Outcome> {
    const left = Object.keys(await this.left())
    const refused = { value, said: `${stdout}${stderr}`.trimEnd() }
    if (status === 1 && !left.some((file) => /\.(?:env|part)$/.test(file))) return refused
    if (status !== 0 || `${left}` !== this.envFile)
      return { value, said: `${status}, ${left}, ${refused.said}` }
    const [read = { error: 'not read' }] = kubelet.read([join(this.#at.folder, 'volumes', this.envFile)])
    return 'error' in read ? { value, said: read.error } : { value, variable: read.value }
  }

  async remove(): Promise<void> {
    await this.#at.remove()
  }
}
