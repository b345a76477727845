import { describe, expect, it } from 'vitest'
import { logText } from '../../infra/start/log-text.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'

const at = new Date(2026, 0, 1, 9, 5, 7).getTime()
const textOf = (record: Partial<RequestRecord>): string =>
  logText(
    logLine(
      { outcome: 'patched', status: 200, durationMs: 3.2, coldStart: false, config: 'x', ...record },
      at,
    ).trimEnd(),
    (style, text) => `<${style}>${text}`,
  )

describe('the log at a terminal', () => {
  it('says in one line when, how, where and by whom a pod was answered', () => {
    expect(textOf({ cluster: 'local', namespace: 'flytesnacks', managers: 'K8s:1' })).toBe(
      '<dim>09:05:07  <green>patched         200  local  flytesnacks  K8s:1  3 ms',
    )
  })

  it('says why a pod was denied, and what failed', () => {
    expect(textOf({ outcome: 'denied', reason: 'K8s: it needs a key' })).toMatch(
      /<yellow>denied {10}200 .* – K8s: it needs a key$/,
    )
    const error = { name: 'Error', message: 'no answer', stack: [] }
    expect(textOf({ outcome: 'unavailable', status: 503, error })).toMatch(/<red>unavailable .* – no answer$/)
  })

  it.each(['at file.ts:12', '{"level":"error"}', '"text"', '{'])(
    'leaves other lines unchanged: %s',
    (line) => {
      expect(logText(line, (_, text) => text)).toBe(line)
    },
  )
})
