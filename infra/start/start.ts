// npm start [-- --config FILE --port N --host NAME]: serves the function on this machine, as API Gateway would, until Ctrl-C.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import { describeFailure } from '../build/failure.ts'
import { ensureCertificates } from '../certs/certificate-folder.ts'
import { readConfigFile } from '../config/config-file.ts'
import { projectRoot } from '../project-root.ts'
import type { Styled } from '../text/style.ts'
import { message } from '../text/message.ts'
import { invitation, localPath } from './invitation.ts'
import { ensureLocalToken, localTokenDigest } from './local-token.ts'
import { LocalGateway } from './local-gateway.ts'
import { logText } from './log-text.ts'
import { addressOf, baseOf, parseStartOptions, usage } from './options.ts'
import { findObstacle } from './port.ts'
import { waitForAnswer } from './readiness.ts'

/** Lines about our own question may come a little after its answer: the function runs in another thread. */
const settleMs = 100

/** Serves until `stopping` is aborted; gives the exit status. */
const serve = async (stopping: AbortSignal): Promise<number> => {
  const options = parseStartOptions(process.argv.slice(2))
  if (options.isHelpWanted) {
    console.log(usage)
    return 0
  }
  const { host, port, configFile } = options
  const address = addressOf(host)
  // The gateway reads it again; here its problems are told before anything is started.
  await readConfigFile(configFile)
  const obstacle = await findObstacle(port, address)
  if (obstacle !== undefined) return fail(obstacle)
  const certificates = join(projectRoot, '.certs')
  const { caFile, made } = await ensureCertificates(certificates, new Date(), host)
  if (made !== undefined) console.log(`Made certificates for ${host} in .certs, because ${made.why}.`)
  const isStopping = (): boolean => stopping.aborted
  if (isStopping()) return 0

  const tokenFile = join(certificates, 'token')
  const token = await ensureLocalToken(tokenFile)
  const tokenSha256 = localTokenDigest(token)
  const gateway = new LocalGateway({ address, port, configFile, certificates, tokenSha256 })
  stopping.addEventListener('abort', () => void gateway.stop(), { once: true })
  const probe = { address, port, path: localPath(token, 'healthz'), ca: await readFile(caFile, 'utf8') }
  if (!(await waitForAnswer(probe, () => gateway.isRunning))) {
    await gateway.stop()
    return isStopping() ? 0 : fail('The function does not start:', ...gateway.output.held)
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
  return isStopping() ? 0 : fail('The server has ended by itself.')
}

const fromHere = (file: string): string => relative(process.cwd(), file)

const styled: Styled = (style, text) =>
  styleText(style, text, { stream: process.stdout, validateStream: true })

const fail = (what: string, ...lines: readonly string[]): number => {
  console.error([message('error', what), ...lines].join('\n'))
  return 1
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
try {
  process.exitCode = await serve(interruption.signal)
} catch (error) {
  const described = describeFailure(error)
  if (described === undefined) throw error
  for (const line of described.split('\n')) process.exitCode = fail(line)
}
