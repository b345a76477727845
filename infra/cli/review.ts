import type { LoadedConfig } from '../config/config-file.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { CallOutcome, RequestRecord } from '../../lib/telemetry/request-record.ts'
import { createWebhook } from '../../lib/webhook.ts'
import type { Context } from './context.ts'
import { loadSecretSources } from './secret-sources.ts'

/** A review, and its answer. */
export interface Reviewed {
  /** The body, as the function received it. */
  readonly question: Uint8Array
  /** One JSON document: the answering AdmissionReview, or `{http, headers, body}` for an HTTP status other than 200. */
  readonly answer: string
  readonly outcome: CallOutcome
}

/** Answers AdmissionReviews with the code that runs on Lambda (specification §11). */
export async function* review(
  { config, definitions }: LoadedConfig,
  bodies: AsyncIterable<Uint8Array>,
  context: Context,
): AsyncGenerator<Reviewed> {
  let outcome: CallOutcome = 'unchanged'
  const { answer } = createWebhook(config, definitions, {
    // The user of the command is not an outside caller.
    identifyCaller: () => ({ cluster: 'local', resource: 'mutate--v1-pod' }),
    ...(await loadSecretSources(config, context.environment)),
    record: (call) => {
      outcome = call.outcome
      noteFailure(call, context)
    },
    clock: () => performance.now(),
    version: '',
  })
  for await (const question of bodies) {
    const request = { method: 'POST', path: '/', contentType: 'application/json', readBody: () => question }
    const { status, headers, body: text } = await answer(request, new AbortController().signal)
    if (status === 200) yield { question, answer: text, outcome }
    else {
      const body: unknown = JSON.parse(text)
      yield { question, answer: JSON.stringify({ http: status, headers, body }), outcome }
    }
  }
}

/** The answers contain the decisions. Only a failure adds information. */
const noteFailure = (record: RequestRecord, { terminal, now }: Context): void => {
  if (record.error !== undefined) terminal.note(logLine(record, now().getTime()).trimEnd())
}

const lineEnd = 10

/**
 * Splits files into documents. A file is one JSON document, one JSON document per line, or YAML. A broken document is passed on
 * unchanged.
 */
export async function* documents(files: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const file of files) {
    const [first, ...more] = linesOf(file)
    if (first === undefined || isJson(file) || opensOnly(first)) yield file
    else if (opens(first)) yield* [first, ...more]
    else yield* await yamlDocuments(file)
  }
}

/** Converts YAML documents to JSON, the format that an API server sends. */
const yamlDocuments = async (file: Uint8Array): Promise<readonly Uint8Array[]> => {
  const { parseAllDocuments } = await import('yaml')
  const parsed = [...parseAllDocuments(new TextDecoder().decode(file), { prettyErrors: false })]
  if (parsed.some(({ errors }) => errors.length > 0)) return [file]
  return parsed.map((each) => new TextEncoder().encode(JSON.stringify(each.toJS())))
}

const opens = (line: Uint8Array): boolean => new TextDecoder().decode(line).trim().startsWith('{')

/** Returns whether a line begins an object without ending it: the first line of a document with several. */
const opensOnly = (line: Uint8Array): boolean =>
  opens(line) && !new TextDecoder().decode(line).trim().endsWith('}')

const linesOf = (file: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = []
  for (let start = 0, end = 0; start < file.length; start = end + 1) {
    end = file.indexOf(lineEnd, start)
    if (end < 0) end = file.length
    const line = file.subarray(start, end)
    if (line.some((byte) => byte > 32)) lines.push(line)
  }
  return lines
}

const isJson = (bytes: Uint8Array): boolean => {
  try {
    JSON.parse(new TextDecoder().decode(bytes))
    return true
  } catch {
    return false
  }
}
