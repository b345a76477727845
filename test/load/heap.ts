import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** The live objects of a process in bytes, in its main thread and in each worker. */
export interface Heap {
  readonly main: number
  readonly workers: readonly number[]
}

type Send = (method: string, params?: object) => Promise<unknown>

/**
 * Collects the garbage in all threads of a process and returns the remaining bytes. V8 collects only under pressure, so
 * resident memory grows for a long time without any leak. Uses Node's inspector (the domains HeapProfiler, Runtime and
 * NodeWorker of its protocol), which listens on `port` after SIGUSR1.
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

/** Waits until the inspector listens, and returns the main thread's URL. */
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
  // The second run frees what the first run's finalizers release.
  await send('HeapProfiler.collectGarbage')
  await send('HeapProfiler.collectGarbage')
  const usage = (await send('Runtime.getHeapUsage')) as Record<'usedSize' | 'backingStorageSize', number>
  return usage.usedSize + usage.backingStorageSize
}

/** A connection to the main thread, which also carries the workers' messages. */
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
