import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { comparable } from '../conformance/equality.ts'
import type { Json } from '../support/pods.ts'
import type { ApiServer } from './api-server.ts'
import { until } from './registration.ts'
import { cleaned, defaulted } from './stored-pod.ts'

export type Server = 'flyte' | 'flyte-webhook'

/** The webhook that served a pod exactly as it would alone, or a fault, in words. */
type StreamOutcome = Server | { readonly fault: string }

/** The pods of a recorded case as each webhook alone would leave them, with the API server's defaults. */
interface Expected {
  readonly one: Json
  readonly input: Json
  readonly byFlyte: Json
  readonly byThis: Json
}

/** Leaves processor time for the other tests. */
const pauseMs = 10

/** Creates pods that ask for secrets in several namespaces, one after another in each, until `stop`. */
export class PodStream {
  readonly #api: ApiServer
  readonly #expected: readonly Expected[]
  readonly #running: readonly Promise<void>[]
  readonly #latest = new Map<string, readonly StreamOutcome[]>()
  #count = 0
  #isOver = false
  readonly faults: string[] = []

  private constructor(api: ApiServer, expected: readonly Expected[], namespaces: readonly string[]) {
    this.#api = api
    this.#expected = expected
    this.#running = namespaces.map((namespace) => this.#createIn(namespace))
  }

  /** Call it while no webhook is registered. */
  static async start(
    api: ApiServer,
    cases: readonly Json[],
    namespaces: readonly string[],
  ): Promise<PodStream> {
    for (const name of namespaces) await api.send('POST', '/api/v1/namespaces', { metadata: { name } })
    const expected: Expected[] = []
    for (const one of cases) {
      const input = await defaulted(api, one.pod, 'pod')
      const stored = async (pod: Json): Promise<Json> => comparable(await defaulted(api, pod, 'pod'), input)
      const byThis = await stored(one.expect.pod)
      expected.push({ one, input, byThis, byFlyte: one.flyte.same ? byThis : await stored(one.flyte.pod) })
    }
    return new PodStream(api, expected, namespaces)
  }

  get count(): number {
    return this.#count
  }

  /** Waits until one webhook has served as many pods of a namespace in a row as there are cases. */
  async untilServedBy(who: Server, namespace: string): Promise<void> {
    await until(`pods of ${namespace} are served by ${who}`, async () => {
      const latest = this.#latest.get(namespace) ?? []
      return latest.length === this.#expected.length && latest.every((one) => one === who)
    })
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
  }

  async #createIn(namespace: string): Promise<void> {
    while (!this.#isOver) {
      const expected = this.#expected[this.#count % this.#expected.length]
      if (expected === undefined) return
      const outcome = await this.#create(expected, namespace, `pod-${++this.#count}`)
      if (typeof outcome === 'object') this.faults.push(outcome.fault)
      const latest = [...(this.#latest.get(namespace) ?? []), outcome]
      this.#latest.set(namespace, latest.slice(-this.#expected.length))
      await sleep(pauseMs)
    }
  }

  async #create(
    { one, input, byFlyte, byThis }: Expected,
    namespace: string,
    name: string,
  ): Promise<StreamOutcome> {
    const { generateName, ...metadata } = one.pod.metadata
    const annotations = { ...metadata.annotations, 'e2e-case': one.id }
    const pod = { ...one.pod, metadata: { ...metadata, name, namespace, annotations } }
    const { status, json } = await this.#api.send('POST', `/api/v1/namespaces/${namespace}/pods`, pod)
    if (status !== 201) return { fault: `${one.id} in ${namespace}: refused: ${json.message}` }
    const who = json.metadata.labels['e2e-served-by'] === undefined ? 'flyte-webhook' : 'flyte'
    const stored = comparable(asFirst(cleaned(json), input), input)
    return isDeepStrictEqual(stored, who === 'flyte' ? byFlyte : byThis)
      ? who
      : { fault: `${one.id} in ${namespace}: not as ${who} alone leaves it` }
  }
}

/** Restores the name, the namespace and the annotations of the case. */
const asFirst = (pod: Json, { metadata: first }: Json): Json => {
  const { 'e2e-case': _, ...annotations } = pod.metadata.annotations
  const { name, namespace, generateName, ...metadata } = pod.metadata
  return {
    ...pod,
    metadata: { ...first, ...metadata, name: first.name, namespace: first.namespace, annotations },
  }
}
