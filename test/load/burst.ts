import type { ApiServer } from '../e2e/api-server.ts'
import type { Json } from '../support/pods.ts'

/** What became of one pod that was to be created. */
export interface Creation {
  readonly name: string
  /** The HTTP status of the API server. */
  readonly status: number
  /** What its user is told; empty for a pod that was created. */
  readonly message: string
  readonly ms: number
}

export interface Burst {
  readonly creations: readonly Creation[]
  readonly seconds: number
}

export interface BurstOptions {
  /** The collection of pods of a namespace. */
  readonly path: string
  /** How many are on their way at any time, each over a kept-alive connection of its own. */
  readonly atOnce: number
  /** Told how many are done. */
  readonly onDone?: (count: number) => void
}

/** Creates pods through an API server, for as long as there are any. */
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

/** Of a stored pod: with all that it asked for and nothing else, as it was sent, or otherwise. */
export type PodKind = 'served' | 'untouched' | 'wrong'

/** What a burst has left behind: how many pods of each kind, refused ones, and those of which the API server said what is not so. */
export type BurstOutcome = Readonly<Record<PodKind | 'refused' | 'lost', number>>

/** Compares what is stored with what was said, and with what each pod must hold; then deletes all pods there. */
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
