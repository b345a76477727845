import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import { ensureCertificates } from '../certs/certificate-folder.ts'
import { readConfigFile } from '../config/config-file.ts'
import { CommandFailure, wrongUsage } from '../failure.ts'
import type { Styled } from '../text/style.ts'
import { addressOf, baseOf, type Place } from './address.ts'
import { invitation, localPath } from './invitation.ts'
import { ensureLocalToken, localTokenDigest } from './local-token.ts'
import { LocalGateway } from './local-gateway.ts'
import { logText } from './log-text.ts'
import { findObstacle } from './port.ts'
import { waitForAnswer } from './readiness.ts'

/** What is served, and where. */
export interface StartOptions extends Place {
  readonly configFile: string
}

/** The function runs in another thread, so the lines about our own request may come after its answer. */
const settleMs = 100

/**
 * Serves the function of the current folder, as API Gateway would, until `stopping` is aborted. Throws a `CommandFailure` or
 * a `ConfigError`.
 */
export const start = async (options: StartOptions, stopping: AbortSignal): Promise<void> => {
  const { host, port, configFile } = options
  const address = addressOf(host)
  if (!existsSync('serverless.yml'))
    throw wrongUsage('this folder has no serverless.yml: create a project with flyte-webhook init')
  // The gateway reads it again. Report its problems before anything starts.
  await readConfigFile(configFile)
  const obstacle = await findObstacle(port, address)
  if (obstacle !== undefined) throw new CommandFailure(obstacle)
  const certificates = resolve('.certs')
  const { caFile, made } = await ensureCertificates(certificates, new Date(), host)
  if (made !== undefined) console.log(`Created certificates for ${host} in .certs, because ${made.why}.`)
  const isStopping = (): boolean => stopping.aborted
  if (isStopping()) return

  const tokenFile = join(certificates, 'token')
  const token = await ensureLocalToken(tokenFile)
  const gateway = new LocalGateway({
    address,
    port,
    configFile: resolve(configFile),
    certificates,
    tokenSha256: localTokenDigest(token),
  })
  stopping.addEventListener('abort', () => void gateway.stop(), { once: true })
  const probe = { address, port, path: localPath(token, 'healthz'), ca: await readFile(caFile, 'utf8') }
  if (!(await waitForAnswer(probe, () => gateway.isRunning))) {
    await gateway.stop()
    if (isStopping()) return
    throw new CommandFailure(['the function does not start:', ...gateway.output.held].join('\n'))
  }
  await sleep(settleMs)
  gateway.output.open((line) => console.log(process.stdout.isTTY ? logText(line, styled) : line))
  const files = {
    configFile: fromHere(configFile),
    caFile: fromHere(caFile),
    tokenFile: fromHere(tokenFile),
  }
  console.log(invitation({ base: baseOf(options), ...files, token }))
  await gateway.ended
  if (!isStopping()) throw new CommandFailure('the server ended unexpectedly')
}

const fromHere = (file: string): string => relative(process.cwd(), file)

const styled: Styled = (style, text) =>
  styleText(style, text, { stream: process.stdout, validateStream: true })
