import { exitStatus } from '../failure.ts'
import type { Fact } from './fact.ts'

export type Level = 'ok' | 'warning' | 'problem'

/** The result of a check: one line of a report. It contains no token and no secret value. */
export interface Finding {
  /** The name of the check. */
  readonly check: string
  readonly level: Level
  readonly message: string
  /** What to do about it. */
  readonly next?: string
}

/** A finding before it gets the name of its check. */
export type Verdict = Omit<Finding, 'check'>

/** A pure function of facts. It always returns a verdict. */
export interface Check<Facts> {
  readonly name: string
  readonly look: (facts: Facts) => readonly Verdict[]
}

export const ok = (message: string): Verdict => ({ level: 'ok', message })
export const warning = (message: string, next: string): Verdict => ({ level: 'warning', message, next })
export const problem = (message: string, next: string): Verdict => ({ level: 'problem', message, next })

/** Returns the faults, or one `ok` verdict if the list is empty. */
export const faultsOr = (faults: readonly Verdict[], well: string): readonly Verdict[] =>
  faults.length > 0 ? faults : [ok(well)]

/** Checks a known fact. An unknown one is a warning, so that you check it yourself. */
export const whenKnown = <T>(fact: Fact<T>, look: (value: T) => readonly Verdict[]): readonly Verdict[] =>
  fact.kind === 'known' ? look(fact.value) : [{ level: 'warning', message: `skipped: ${fact.why}` }]

/** Runs all checks, in order. */
export const findingsOf = <Facts>(checks: readonly Check<Facts>[], facts: Facts): readonly Finding[] =>
  checks.flatMap(({ name, look }) => look(facts).map((verdict) => ({ check: name, ...verdict })))

/** Returns the exit status of the worst finding. */
export const statusOf = (findings: readonly Finding[]): number => {
  if (findings.some(({ level }) => level === 'problem')) return exitStatus.failed
  return findings.some(({ level }) => level === 'warning') ? exitStatus.warning : exitStatus.ok
}
