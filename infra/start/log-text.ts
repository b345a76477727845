import { isObject } from '../../lib/json.ts'
import type { Style, Styled } from '../text/style.ts'

const styles: Readonly<Record<string, Style>> = { INFO: 'green', WARN: 'yellow', ERROR: 'red' }

/**
 * Formats a line of the server for a person. Of the function's JSON, keeps the time, the outcome, the place of the pod, and
 * what it got. Returns any other line unchanged.
 */
export const logText = (line: string, styled: Styled): string => {
  const record = recordIn(line)
  if (record === undefined) return line
  const { level, timestamp, outcome, status, cluster, namespace, managers, reason, error, Duration } = record
  const time = new Date(String(timestamp)).toTimeString().slice(0, 8)
  const failure = isObject(error) ? error['message'] : undefined
  const facts = [cluster, namespace, managers, typeof Duration === 'number' && `${Math.round(Duration)} ms`]
  return [
    styled('dim', time),
    styled(styles[String(level)] ?? 'dim', String(outcome).padEnd(14)),
    status,
    ...facts.filter((fact) => typeof fact === 'string'),
    ...[reason, failure].filter((text) => typeof text === 'string').map((text) => `– ${text}`),
  ].join('  ')
}

const recordIn = (line: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const record: unknown = JSON.parse(line)
    return isObject(record) && record['message'] === 'request' ? record : undefined
  } catch {
    return undefined
  }
}
