import { builtIn } from '../../lib/managers/built-in.ts'
import { openSync, writeSync } from 'node:fs'
import { devNull } from 'node:os'
import { createCallerCheck } from '../../lib/caller/caller.ts'
import { createHandler } from '../../lib/gateway/handler.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'
import { createWebhook } from '../../lib/webhook.ts'
import { lambdaContext, restEvent } from '../support/events.ts'
import { configOf, filesAre, sha256Hex } from '../support/webhook.ts'

/** One call with a body. */
export type Call = (text: string) => unknown

const token = 'x'.repeat(43)
const path = `/production/${token}/mutate--v1-pod`

const webhook = (record: (record: RequestRecord) => void, identified: boolean) =>
  createWebhook(configOf(''), builtIn, {
    identifyCaller: identified
      ? createCallerCheck({ tokenSha256: { production: [sha256Hex(token)] }, anonymous: false })
      : () => ({ cluster: 'production', resource: 'mutate--v1-pod' }),
    environment: {},
    fileSystem: { ...filesAre({}), exists: () => false },
    record,
    clock: () => performance.now(),
    version: '1.2.3',
  }).answer

/** A call without caller, gateway and telemetry. */
const answering = (record: (record: RequestRecord) => void): Call => {
  const answer = webhook(record, false)
  const { signal } = new AbortController()
  return (text) =>
    answer({ method: 'POST', path, contentType: 'application/json', readBody: () => text }, signal)
}

const sink = openSync(devNull, 'w')
/** Writes the line as the function does, but to the null device. */
const written = (record: RequestRecord): number => writeSync(sink, logLine(record, Date.now(), 'webhook'))

/** The measured calls. */
export const calls = {
  /** The minimum work for an answer: parses the body once and writes the smallest answer. */
  floor: (text) => {
    const { apiVersion, kind, request } = JSON.parse(text)
    return JSON.stringify({ apiVersion, kind, response: { uid: request.uid, allowed: true } })
  },
  /** The webhook, from the body to the answer, without telemetry. */
  call: answering(() => {}),
  /** The same with telemetry. */
  withTelemetry: answering(written),
  /** Everything that Lambda runs: the event of a REST API, the caller's token, the call with telemetry, the result. */
  handler: (() => {
    const handler = createHandler(webhook(written, true))
    const event = restEvent({ path })
    const context = lambdaContext()
    return (text) =>
      handler(
        { ...event, body: text, requestContext: { ...event.requestContext, requestTimeEpoch: Date.now() } },
        context,
      )
  })(),
} as const satisfies Record<string, Call>

export type CallName = keyof typeof calls
