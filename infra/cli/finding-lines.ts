import type { Finding, Level } from '../doctor/finding.ts'
import type { Style } from '../text/style.ts'
import type { Terminal } from './terminal.ts'

/** For `--help` of commands whose exit status is that of their worst finding. */
export const worstAsStatus = 'Exit status: 0 no problem, 3 warnings only, 1 at least one problem.'

const styles = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
} as const satisfies Record<Level, Style>

/**
 * Formats findings for a person, one per line: `warning  token  …  → what to do`. Checks that were skipped for the same reason
 * share the line of the first.
 */
export const findingLines = (findings: readonly Finding[], { styled }: Terminal): readonly string[] => {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const alike = Map.groupBy(findings, (finding) => (finding.level === 'warning' ? finding.message : finding))
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { level, check, message, next } = first
    return [
      `${styled(styles[level], level.padEnd(7))}  ${check.padEnd(width)}  ${message}`,
      others.length === 0 ? '' : `; same for ${others.map((other) => other.check).join(', ')}`,
      next === undefined ? '' : ` → ${next}`,
    ].join('')
  })
}
