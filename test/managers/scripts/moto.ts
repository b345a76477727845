import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../e2e/free-port.ts'
import { startLeashed } from '../../e2e/leash.ts'
import type { Json } from '../../support/pods.ts'

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
/** The virtual environment with moto and awscli. */
export const motoVenv = process.env['MOTO_VENV'] ?? join(cache, 'flyte-webhook', 'moto')
export const hasMoto = existsSync(join(motoVenv, 'bin', 'moto_server'))
if (!hasMoto) {
  console.warn(`SKIPPED: all tests against Secrets Manager, because ${motoVenv} holds no moto_server`)
}

export interface Moto {
  readonly url: string
  /** Calls an operation of Secrets Manager. Binary fields are base64. */
  readonly call: (operation: string, input: object, region?: string) => Promise<Json>
  readonly stop: () => Promise<void>
}

/** A Secrets Manager on a free port of 127.0.0.1. */
export const startMoto = async (): Promise<Moto> => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const { process: server, stop } = startLeashed(join(motoVenv, 'bin', 'moto_server'), [
    '-H',
    '127.0.0.1',
    '-p',
    String(port),
  ])
  server.stdout?.resume()
  server.stderr?.resume()
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break
    if (tries > 300) throw new Error('moto does not start')
    await sleep(100)
  }
  return {
    url,
    stop,
    call: async (operation, input, region = 'us-east-1') => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `secretsmanager.${operation}`,
          authorization: `AWS4-HMAC-SHA256 Credential=a/20261123/${region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=b`,
        },
        body: JSON.stringify(input),
      })
      const json: Json = await answer.json()
      if (!answer.ok) throw new Error(JSON.stringify(json))
      return json
    },
  }
}
