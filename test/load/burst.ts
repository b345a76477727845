import type { ApiServer } from '../e2e/api-server.ts'
import type { Json } from '../support/pods.ts'

/** The result of one request to create a pod. */
export interface Creation {
  readonly name: string
  /** The HTTP status of the API server. */
  readonly status: number
  /** The message for the user; empty if the pod was created. */
  readonly message: string
  readonly ms: number
}

export interface Burst {
  readonly creations: readonly Creation[]
  readonly seconds: number
}

export interface BurstOptions {
  /** The path of a namespace's pods. */
  readonly path: string
  /** The number of concurrent requests, each over its own kept-alive connection. */
  readonly atOnce: number
  /** Gets the number of pods that are done. */
  readonly onDone?: (count: number) => void
}

/** Creates pods through an API server until there are no more. */
export const createAll = async (
  api: ApiServer,
  pods: IterableIterator<Json>,
  { path, atOnce, onDone }: BurstOptions,
): Promise<Burst> => {
  const creations: Creation[] = []
  const createOneByOne = async (): Promise<void> => {
    for (const pod of pods) {
      const start = performance.now()
      const { status, json } = await api.send('POST', path, pod)
      const message = status === 201 ? '' : String(json.message)
      creations.push({ name: pod.metadata.name, status, message, ms: performance.now() - start })
      onDone?.(creations.length)
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: atOnce }, createOneByOne))
  return { creations, seconds: (performance.now() - start) / 1000 }
}

/** The kind of a stored pod: with exactly what it asked for, unchanged, or otherwise. */
export type PodKind = 'served' | 'untouched' | 'wrong'

/** The outcome of a burst: the pods of each kind, the refused ones, and those for which the API server's answer was wrong. */
export type BurstOutcome = Readonly<Record<PodKind | 'refused' | 'lost', number>>

/** Compares the stored pods with the answers and with what each must hold, then deletes all pods of the namespace. */
export const settle = async (
  api: ApiServer,
  { creations }: Burst,
  path: string,
  kindOf: (pod: Json) => PodKind,
): Promise<BurstOutcome> => {
  const { json } = await api.send('GET', path)
  const stored = new Map<string, Json>(json.items.map((pod: Json) => [pod.metadata.name, pod]))
  await api.send('DELETE', `${path}?gracePeriodSeconds=0`)
  const outcome = { served: 0, untouched: 0, wrong: 0, refused: 0, lost: 0 }
  for (const { name, status } of creations) {
    const pod = stored.get(name)
    if ((pod !== undefined) !== (status === 201)) outcome.lost += 1
    else outcome[pod === undefined ? 'refused' : kindOf(pod)] += 1
  }
  return outcome
}
