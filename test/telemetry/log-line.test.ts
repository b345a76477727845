import { describe, expect, it } from 'vitest'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'
import type { Json } from '../support/pods.ts'

const nowMs = Date.UTC(2026, 10, 23, 9, 30)
const record: RequestRecord = {
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  lambdaRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  outcome: 'patched',
  status: 200,
  durationMs: 2.5,
  coldStart: true,
  cluster: 'production',
  uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
  namespace: 'flytesnacks-development',
  ownerKind: 'FlyteWorkflow',
  requested: 3,
  injected: 2,
  managers: 'K8s:2',
  operations: 7,
  config: 'abc',
}
const written = (fields: Partial<RequestRecord>): Json => JSON.parse(logLine({ ...record, ...fields }, nowMs))

describe('the log line of a call', () => {
  it('is one line of JSON with the fields of the call', () => {
    const line = logLine({ ...record, reason: 'a\nb' }, nowMs)
    expect(line.indexOf('\n')).toBe(line.length - 1)
    const { injected: _, durationMs: __, ...fields } = record
    expect(JSON.parse(line)).toMatchObject({
      ...fields,
      level: 'INFO',
      message: 'request',
      timestamp: '2026-11-23T09:30:00.000Z',
      reason: 'a\nb',
    })
  })

  it.each([
    { outcome: 'patched', level: 'INFO', counts: { Admissions: 1, Denials: 0, RefusedCallers: 0 } },
    { outcome: 'unchanged', level: 'INFO', counts: { Admissions: 1, Denials: 0, RefusedCallers: 0 } },
    { outcome: 'unserved', level: 'WARN', counts: { Admissions: 1, Denials: 0, RefusedCallers: 0 } },
    { outcome: 'denied', level: 'WARN', counts: { Admissions: 0, Denials: 1, RefusedCallers: 0 } },
    { outcome: 'refused-caller', level: 'WARN', counts: { Admissions: 0, Denials: 0, RefusedCallers: 1 } },
    { outcome: 'bad-request', level: 'WARN', counts: { Admissions: 0, Denials: 0, RefusedCallers: 0 } },
    { outcome: 'unavailable', level: 'ERROR', counts: { Admissions: 0, Denials: 0, RefusedCallers: 0 } },
    { outcome: 'failed', level: 'ERROR', counts: { Admissions: 0, Denials: 0, RefusedCallers: 0 } },
  ] as const)(
    'with the outcome $outcome has the level $level and counts $counts',
    ({ outcome, level, counts }) => {
      expect(written({ outcome })).toMatchObject({
        outcome,
        level,
        ...counts,
        InjectedSecrets: 2,
        Duration: 2.5,
      })
    },
  )

  it('counts no secrets if no number is known', () => {
    const { injected: _, ...others } = record
    expect(JSON.parse(logLine(others, nowMs))).toMatchObject({ InjectedSecrets: 0 })
  })

  it('is in embedded metric format, and every metric has a value', () => {
    const line = written({})
    const [{ Namespace, Dimensions, Metrics }] = line['_aws'].CloudWatchMetrics
    expect(line['_aws'].Timestamp).toBe(nowMs)
    expect({ Namespace, Dimensions }).toEqual({
      Namespace: 'flyte-webhook',
      Dimensions: [['function', 'cluster', 'outcome'], ['function']],
    })
    expect(Metrics).toContainEqual({ Name: 'Duration', Unit: 'Milliseconds' })
    for (const { Name } of Metrics) expect(typeof line[Name]).toBe('number')
    for (const name of Dimensions[0]) expect(typeof line[name]).toBe('string')
  })

  it('has no dimension for an unknown cluster', () => {
    const { cluster: _, ...others } = record
    expect(JSON.parse(logLine(others, nowMs))['_aws'].CloudWatchMetrics[0].Dimensions).toEqual([['function']])
  })

  it('has the metrics of its own function: two stages in one account do not share an alarm', () => {
    expect(JSON.parse(logLine(record, nowMs, 'flyte-webhook-dev'))['function']).toBe('flyte-webhook-dev')
  })

  it('of a health check has no metrics', () => {
    const line = written({ outcome: 'health' })
    expect(line).toMatchObject({ level: 'INFO', outcome: 'health' })
    expect(line).not.toHaveProperty('_aws')
    expect(line).not.toHaveProperty('Admissions')
  })

  it.each([
    { field: 'uid', text: 'hunter2' },
    { field: 'uid', text: `${record.uid}\n` },
    { field: 'namespace', text: 'Not-A-Label' },
    { field: 'namespace', text: 'n'.repeat(64) },
    { field: 'requestId', text: 'a'.repeat(43) },
    { field: 'requestId', text: 'hunter2' },
    { field: 'lambdaRequestId', text: 'JKJaXmPLvHcESHA=' },
    { field: 'ownerKind', text: 'a sentence' },
    { field: 'ownerKind', text: 'K'.repeat(64) },
  ])('leaves out a $field that is $text', ({ field, text }) => {
    expect(written({ [field]: text })).not.toHaveProperty(field)
  })

  it('has the ID of an HTTP API', () => {
    expect(written({ requestId: 'JKJaXmPLvHcESHA=' }).requestId).toBe('JKJaXmPLvHcESHA=')
  })

  it('leaves out unknown fields', () => {
    expect(JSON.stringify(written({ token: 'hunter2' } as object))).not.toContain('hunter2')
  })

  it('has at most 4096 characters of a reason', () => {
    expect(written({ reason: 'w'.repeat(5000) }).reason).toBe('w'.repeat(4096))
  })
})
