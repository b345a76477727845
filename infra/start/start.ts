// npm start [-- --config FILE --port N]: serves the function on this machine, as API Gateway would, until Ctrl-C.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeFailure } from '../build/failure.ts'
import { ensureCertificates } from '../certs/certificate-folder.ts'
import { readConfigFile } from '../config/config-file.ts'
import { projectRoot } from '../project-root.ts'
import { invitation, localPath } from './invitation.ts'
import { ensureLocalToken, localTokenDigest } from './local-token.ts'
import { LocalGateway } from './local-gateway.ts'
import { parseStartOptions } from './options.ts'
import { findObstacle } from './port.ts'
import { waitForAnswer } from './readiness.ts'

/** Lines about our own question may come a little after its answer: the function runs in another thread. */
const settleMs = 100

/** Serves until `stopping` is aborted; gives the exit status. */
const serve = async (stopping: AbortSignal): Promise<number> => {
  const { port, configFile } = parseStartOptions(process.argv.slice(2))
  // The gateway reads it again; here its problems are told before anything is started.
  await readConfigFile(configFile)
  const obstacle = await findObstacle(port)
  if (obstacle !== undefined) return fail(obstacle)
  const certificates = join(projectRoot, '.certs')
  const { caFile, made } = await ensureCertificates(certificates, new Date())
  if (made !== undefined) console.log(`Made certificates for localhost in .certs, because ${made.why}.`)
  const isStopping = (): boolean => stopping.aborted
  if (isStopping()) return 0

  const token = await ensureLocalToken(join(certificates, 'token'))
  const gateway = new LocalGateway({ port, configFile, certificates, tokenSha256: localTokenDigest(token) })
  stopping.addEventListener('abort', () => void gateway.stop(), { once: true })
  const probe = { port, path: localPath(token, 'healthz'), ca: await readFile(caFile, 'utf8') }
  if (!(await waitForAnswer(probe, () => gateway.isRunning))) {
    await gateway.stop()
    return isStopping() ? 0 : fail('The function does not start:', ...gateway.output.held)
  }
  await sleep(settleMs)
  gateway.output.open((line) => console.log(line))
  console.log(invitation({ port, configFile: fromHere(configFile), caFile: fromHere(caFile), token }))
  await gateway.ended
  return isStopping() ? 0 : fail('The server has ended by itself.')
}

const fromHere = (file: string): string => relative(process.cwd(), file)

const fail = (...lines: readonly string[]): number => {
  console.error(lines.join('\n'))
  return 1
}

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort())
try {
  process.exitCode = await serve(interruption.signal)
} catch (error) {
  const message = describeFailure(error)
  if (message === undefined) throw error
  process.exitCode = fail(message)
}
