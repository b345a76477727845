import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../e2e/free-port.ts'
import { type Leashed, startLeashed } from './leash.ts'
import { isMotoInstalled, motoEnvironment } from './moto-environment.ts'
import type { Json } from './pods.ts'

if (!isMotoInstalled) {
  console.warn(
    `SKIPPED: all tests against a real Secrets Manager API, because there is no moto_server in ${motoEnvironment}: run \`npx node test/moto/install.ts\``,
  )
}

/** The variables with which the AWS SDK and CLI reach moto. */
export const awsEnvironment = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
} as const

/** A real Secrets Manager API in its own process, on a free port of 127.0.0.1. Its data is lost when it stops. */
export class Moto {
  readonly port: number
  #server: Leashed | undefined
  #printed = ''

  private constructor(port: number) {
    this.port = port
  }

  static async start(): Promise<Moto> {
    const moto = new Moto(await freePort())
    await moto.start()
    return moto
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The output so far: requests, and unsupported features. */
  get printed(): string {
    return this.#printed
  }

  /** Starts or restarts the server, empty. */
  async start(): Promise<void> {
    const server = startLeashed(join(motoEnvironment, 'bin/moto_server'), [
      '--host=127.0.0.1',
      `--port=${this.port}`,
    ])
    this.#server = server
    for (const stream of [server.process.stdout, server.process.stderr])
      stream?.on('data', (data: Buffer) => (this.#printed += data.toString()))
    while (!(await this.#answers())) {
      if (server.process.exitCode !== null) throw new Error(`moto_server ended: ${this.#printed}`)
      await sleep(50)
    }
  }

  async stop(): Promise<void> {
    await this.#server?.stop()
  }

  /** Calls an operation of Secrets Manager other than `GetSecretValue`. Binary fields are base64. */
  async call(operation: string, input: object, region: string = awsEnvironment.AWS_REGION): Promise<Json> {
    const answer = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `secretsmanager.${operation}`,
        // moto reads only the region and the service.
        authorization: `AWS4-HMAC-SHA256 Credential=test/20250101/${region}/secretsmanager/aws4_request`,
      },
      body: JSON.stringify(input),
    })
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.endpoint}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
  }
}
