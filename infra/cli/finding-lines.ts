import type { Finding, Level } from '../doctor/finding.ts'
import type { Style, Terminal } from './terminal.ts'

const styles = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
} as const satisfies Record<Level, Style>

/** Findings for a person, a line each: `warning  token: …  → what to do`. */
export const findingLines = (findings: readonly Finding[], { styled }: Terminal): readonly string[] =>
  findings.map(({ check, level, message, next }) => {
    const line = `${styled(styles[level], level.padEnd(7))}  ${check}: ${message}`
    return next === undefined ? line : `${line} → ${next}`
  })
