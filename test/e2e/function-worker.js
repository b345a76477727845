// Runs one built bundle as Lambda does: in its own environment, one event at a time.
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

const { handler } = createRequire(import.meta.url)(workerData.file)

const answer = async ({ id, event }) => {
  const until = Date.now() + workerData.timeoutMs
  const result = await handler(event, { getRemainingTimeInMillis: () => until - Date.now() })
  parentPort.postMessage({ id, result })
}

parentPort.on('message', (message) => void answer(message))
