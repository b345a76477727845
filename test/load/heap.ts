import { once } from 'node:events'

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
  const targets: unknown = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
  const [{ webSocketDebuggerUrl }] = targets as [{ readonly webSocketDebuggerUrl: string }]
  const socket = new WebSocket(webSocketDebuggerUrl)
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
