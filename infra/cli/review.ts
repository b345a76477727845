import type { LoadedConfig } from '../config/config-file.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'
import { createWebhook } from '../../lib/webhook.ts'
import type { Context } from './context.ts'
import { loadSecretSources } from './secret-sources.ts'

/**
 * Answers AdmissionReviews with the very code that the Lambda runs (specification §11). Each answer is one JSON
 * document: the answering AdmissionReview, or `{http, headers, body}` where the HTTP status is not 200.
 */
export async function* review(
  { config, definitions }: LoadedConfig,
  bodies: AsyncIterable<Uint8Array>,
  context: Context,
): AsyncGenerator<string> {
  const { answer } = createWebhook(config, definitions, {
    // Who runs the command is no caller from outside.
    identifyCaller: () => ({ cluster: 'local', resource: 'mutate--v1-pod' }),
    ...(await loadSecretSources(config, context.environment)),
    record: (call) => noteFailure(call, context),
    clock: () => performance.now(),
    version: '',
  })
  for await (const body of bodies) {
    const request = { method: 'POST', path: '/', contentType: 'application/json', readBody: () => body }
    const { status, headers, body: text } = await answer(request, new AbortController().signal)
    yield status === 200 ? text : JSON.stringify({ http: status, headers, body: JSON.parse(text) as unknown })
  }
}

/** The answers say what was decided; only a failure has something to add. */
const noteFailure = (record: RequestRecord, { terminal, now }: Context): void => {
  if (record.error !== undefined) terminal.note(logLine(record, now().getTime()).trimEnd())
}

const lineEnd = 10

/** The documents of some files: each file is one JSON document, or holds one a line. A broken one is passed on as it is. */
export async function* documents(files: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const file of files) {
    const lines = linesOf(file)
    if (lines.length > 1 && !isJson(file) && !opensOnly(lines[0])) yield* lines
    else if (lines.length > 0) yield file
  }
}

/** Whether a line begins an object that it does not end: the first line of a document that has several. */
const opensOnly = (line: Uint8Array | undefined): boolean => {
  const text = new TextDecoder().decode(line).trim()
  return text.startsWith('{') && !text.endsWith('}')
}

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
