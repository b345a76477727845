// Runs one built bundle as Lambda would: an environment of its own, one event after another.
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

const { handler } = createRequire(import.meta.url)(workerData.file)

const answer = async ({ id, event }) => {
  const until = Date.now() + workerData.timeoutMs
  const result = await handler(event, { getRemainingTimeInMillis: () => until - Date.now() })
  parentPort.postMessage({ id, result })
}

parentPort.on('message', (message) => void answer(message))
