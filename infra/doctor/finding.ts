import { exitStatus } from '../failure.ts'
import type { Fact } from './fact.ts'

export type Level = 'ok' | 'warning' | 'problem'

/** What a check has seen: one line of a report. It holds no token and no secret value. */
export interface Finding {
  /** The name of the check. */
  readonly check: string
  readonly level: Level
  readonly message: string
  /** What to do about it. */
  readonly next?: string
}

/** A finding that does not yet know its check. */
export type Verdict = Omit<Finding, 'check'>

/** Looks at facts, and at nothing else. It has always something to say. */
export interface Check<Facts> {
  readonly name: string
  readonly look: (facts: Facts) => readonly Verdict[]
}

export const ok = (message: string): Verdict => ({ level: 'ok', message })
export const warning = (message: string, next: string): Verdict => ({ level: 'warning', message, next })
export const problem = (message: string, next: string): Verdict => ({ level: 'problem', message, next })

/** The faults that were found, or that all is well. */
export const faultsOr = (faults: readonly Verdict[], well: string): readonly Verdict[] =>
  faults.length > 0 ? faults : [ok(well)]

/** Looks at a fact; one that is unknown is something to look at by oneself. */
export const whenKnown = <T>(fact: Fact<T>, look: (value: T) => readonly Verdict[]): readonly Verdict[] =>
  fact.kind === 'known' ? look(fact.value) : [{ level: 'warning', message: `skipped: ${fact.why}` }]

/** What all checks say, in their order. */
export const findingsOf = <Facts>(checks: readonly Check<Facts>[], facts: Facts): readonly Finding[] =>
  checks.flatMap(({ name, look }) => look(facts).map((verdict) => ({ check: name, ...verdict })))

/** The exit status of the worst. */
export const statusOf = (findings: readonly Finding[]): number => {
  if (findings.some(({ level }) => level === 'problem')) return exitStatus.failed
  return findings.some(({ level }) => level === 'warning') ? exitStatus.warning : exitStatus.ok
}
