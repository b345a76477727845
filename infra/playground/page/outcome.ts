import type { ParsedConfig } from '../../../lib/config/parse.ts'
import { isObject, type JsonObject } from '../../../lib/json.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import { sentenceOf } from '../../failure.ts'
import type { Explanation } from '../../preview/explanation.ts'
import { type PodDocument, syntaxErrorIn } from '../../preview/pod-document.ts'
import { type Preview, preview } from '../../preview/preview.ts'
import { questionOf } from '../../preview/question.ts'
import { freeAnnotations } from '../../preview/sample-review.ts'
import { askedManagers, filledRequests } from './asked-fields.ts'
import { configuredBy } from './configured.ts'
import { inventedSources } from './invented-secrets.ts'
import { podIn, readPod } from './pod-text.ts'
import type { State } from './state.ts'

/** The webhook's outcome for a state. */
export interface PageOutcome {
  readonly config: ParsedConfig
  /** Absent if the configuration is invalid. */
  readonly answer?: PageAnswer
  /** The explanation of each row of `state.requests`. Undefined for a row that is incomplete or was not asked for. */
  readonly rows: readonly (Explanation | undefined)[]
  /** The kind of the pod's document. Absent if it cannot be read. */
  readonly podKind?: PodDocument['kind']
}

export type PageAnswer =
  | { readonly kind: 'wrong-pod'; readonly why: string; readonly line: number | undefined }
  | Previewed

/** `review` is the question, with the values of secrets hidden. */
export interface Previewed {
  readonly kind: 'previewed'
  readonly preview: Preview
  readonly review: JsonObject
}

/** Runs what `flyte-webhook preview` runs: the checks of the configuration, and the code of the Lambda function. */
export const outcomeOf = async (state: State, signal: AbortSignal): Promise<PageOutcome> => {
  const configured = configuredBy(state.config)
  const config = configured.parsed
  const document = readPod(state.pod)
  const podKind = typeof document === 'string' ? {} : { podKind: document.kind }
  if (config.kind === 'problems') return { config, rows: [], ...podKind }
  if (typeof document === 'string') {
    const answer = { kind: 'wrong-pod', why: document, line: syntaxErrorIn(state.pod)?.line } as const
    return { config, answer, rows: [] }
  }
  const loaded = { config: config.config, definitions: configured.definitions }
  const filled = filledRequests(state.requests, askedManagers(loaded))
  const asked = { ...state, requests: filled.map(({ request }) => request) }
  const answer = await answerTo(document, asked, loaded, signal)
  return { config, answer, rows: rowsOf(state, document, filled, answer), ...podKind }
}

const rowsOf = (
  { requests }: State,
  document: PodDocument,
  filled: ReturnType<typeof filledRequests>,
  answer: PageAnswer,
): PageOutcome['rows'] => {
  if (answer.kind !== 'previewed') return []
  const said = new Map(answer.preview.requests.map((one) => [one.annotation, one]))
  const names = freeAnnotations(podIn(document), filled.length)
  const byRow = new Map(filled.map(({ row }, index) => [row, said.get(names[index] ?? '')]))
  return requests.map((_, row) => byRow.get(row))
}

const answerTo = async (
  document: PodDocument,
  state: State,
  { config, definitions }: LoadedConfig,
  signal: AbortSignal,
): Promise<PageAnswer> => {
  const { namespace, user } = state
  const named = {
    ...(namespace === '' ? {} : { namespace }),
    ...(user === '' ? {} : { user }),
  }
  // An AdmissionReview has its own namespace and user.
  const question = questionOf(document, document.kind === 'Pod' ? named : {}, state.requests)
  try {
    const shown = await preview(question, {
      config,
      definitions,
      sources: inventedSources(config, state),
      cluster: state.cluster === '' ? 'local' : state.cluster,
      signal,
    })
    return { kind: 'previewed', preview: shown, review: withObject(question, shown.before) }
  } catch (error) {
    return { kind: 'wrong-pod', why: sentenceOf(error), line: undefined }
  }
}

const withObject = (review: JsonObject, object: unknown): JsonObject =>
  object === undefined || !isObject(review['request'])
    ? review
    : { ...review, request: { ...review['request'], object } }
