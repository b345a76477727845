import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a process has of live objects, in bytes: of its main thread, and of each worker. */
export interface Heap {
  readonly main: number
  readonly workers: readonly number[]
}

type Send = (method: string, params?: object) => Promise<unknown>

/**
 * Has a process collect its garbage, in every thread, and says what is left: V8 collects only under pressure, so what the
 * operating system counts for a process grows for long without any leak. Asks Node's inspector (its protocol's domains
 * HeapProfiler, Runtime and NodeWorker), which listens on `port` since the process got SIGUSR1.
 */
export const liveHeap = async (port: number): Promise<Heap> => {
  const socket = new WebSocket(await debuggerUrl(port))
  await once(socket, 'open')
  const connection = new Inspector(socket)
  try {
    const main = await heapOf(connection.send)
    await connection.send('NodeWorker.enable', { waitForDebuggerOnStart: false })
    const workers = [...connection.workers.values()].map((send) => heapOf(send))
    return { main, workers: await Promise.all(workers) }
  } finally {
    socket.close()
  }
}

/** Where the main thread is spoken to; waits until the inspector listens. */
const debuggerUrl = async (port: number): Promise<string> => {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined)
    const [target] = ((await answer?.json()) ?? []) as { readonly webSocketDebuggerUrl: string }[]
    if (target !== undefined) return target.webSocketDebuggerUrl
    await sleep(100)
  }
  throw new Error(`no inspector listens on port ${port}`)
}

const heapOf = async (send: Send): Promise<number> => {
  // The second run takes what the first one's finalizers let go.
  await send('HeapProfiler.collectGarbage')
  await send('HeapProfiler.collectGarbage')
  const usage = (await send('Runtime.getHeapUsage')) as Record<'usedSize' | 'backingStorageSize', number>
  return usage.usedSize + usage.backingStorageSize
}

/** A connection to the main thread, through which messages to and from the workers travel as well. */
class Inspector {
  readonly workers = new Map<string, Send>()
  readonly #waiting = new Map<number, (result: unknown) => void>()
  readonly #socket: WebSocket
  #lastId = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#take(String(data)))
  }

  readonly send: Send = (method, params = {}) => {
    const id = ++this.#lastId
    this.#socket.send(JSON.stringify({ id, method, params }))
    return new Promise((resolve) => this.#waiting.set(id, resolve))
  }

  #sendTo(sessionId: string): Send {
    return (method, params = {}) => {
      const id = ++this.#lastId
      const message = JSON.stringify({ id, method, params })
      void this.send('NodeWorker.sendMessageToWorker', { sessionId, message })
      return new Promise((resolve) => this.#waiting.set(id, resolve))
    }
  }

  #take(text: string): void {
    const { id, method, params, result } = JSON.parse(text)
    if (method === 'NodeWorker.receivedMessageFromWorker') this.#take(params.message)
    if (method === 'NodeWorker.attachedToWorker')
      this.workers.set(params.sessionId, this.#sendTo(params.sessionId))
    this.#waiting.get(id)?.(result)
    this.#waiting.delete(id)
  }
}
