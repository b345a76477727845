import { stringify } from 'yaml'
import { profileDefaults } from '../../../lib/config/defaults.ts'
import type { ParsedConfig } from '../../../lib/config/parse.ts'
import { isObject, type JsonObject } from '../../../lib/json.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import { sentenceOf } from '../../failure.ts'
import { createMask } from '../../preview/mask.ts'
import { type PodDocument, readPodDocument } from '../../preview/pod-document.ts'
import { type Preview, preview } from '../../preview/preview.ts'
import { questionOf } from '../../preview/question.ts'
import { asking } from '../../preview/sample-review.ts'
import { configuredBy } from './configured.ts'
import { inventedSources } from './invented-secrets.ts'
import type { State } from './state.ts'

/** What the webhook makes of a state. */
export interface PageOutcome {
  readonly config: ParsedConfig
  /** Absent where the configuration is wrong. */
  readonly answer?: PageAnswer
  /** The kind of what was given as the pod; absent where it cannot be read. */
  readonly podKind?: PodDocument['kind']
  /** What may be shared by a link. */
  readonly shareable: State
}

export type PageAnswer =
  | { readonly kind: 'wrong-pod'; readonly why: string }
  /** `review` is the question, its values of secrets hidden as everywhere. */
  | { readonly kind: 'previewed'; readonly preview: Preview; readonly review: JsonObject }

/** Runs what `flyte-webhook preview` runs: the checks of the configuration, and the very code that the Lambda runs. */
export const outcomeOf = async (state: State, signal: AbortSignal): Promise<PageOutcome> => {
  const configured = configuredBy(state.config)
  const config = configured.parsed
  const document = readPod(state.pod)
  const shareable = withoutValues(state, document, config)
  const podKind = typeof document === 'string' ? {} : { podKind: document.kind }
  if (config.kind === 'problems') return { config, shareable, ...podKind }
  const answer: PageAnswer =
    typeof document === 'string'
      ? { kind: 'wrong-pod', why: document }
      : await answerTo(
          document,
          state,
          { config: config.config, definitions: configured.definitions },
          signal,
        )
  return { config, answer, shareable, ...podKind }
}

/** The document, or why there is none. */
const readPod = (text: string): PodDocument | string => {
  try {
    return readPodDocument(text, 'the pod')
  } catch (error) {
    return sentenceOf(error)
  }
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
  // An AdmissionReview says both itself.
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
    return { kind: 'wrong-pod', why: sentenceOf(error) }
  }
}

const withObject = (review: JsonObject, object: unknown): JsonObject =>
  object === undefined || !isObject(review['request'])
    ? review
    : { ...review, request: { ...review['request'], object } }

/**
 * A state whose link gives no secret away: a pod that was served before holds values, which are hidden as in the preview.
 * A text that is no pod could hold anything, and is left out.
 */
const withoutValues = (state: State, document: PodDocument | string, config: ParsedConfig): State => {
  if (typeof document === 'string') return { ...state, pod: '' }
  const { kind, object } = document
  const review = isObject(object['request']) ? object['request'] : {}
  const pod = kind === 'Pod' ? object : review['object']
  const prefix =
    config.kind === 'config'
      ? config.config.webhook.secretEnvVarPrefix
      : profileDefaults.flyte1.secretEnvVarPrefix
  const masked = createMask(isObject(pod) ? asking(pod, state.requests) : {}, [], prefix)(object)
  return JSON.stringify(masked) === JSON.stringify(object)
    ? state
    : { ...state, pod: stringify(masked, { lineWidth: 0, aliasDuplicateObjects: false }) }
}
