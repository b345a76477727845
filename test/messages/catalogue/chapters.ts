import { answers } from './answers.ts'
import { denials } from './denials.ts'
import { doctor } from './doctor.ts'
import type { Chapter } from './entry.ts'
import { log } from './log.ts'
import { managers } from './managers.ts'

/** All messages of the function, the gateway and `doctor`, in the order of docs/troubleshooting.md. */
export const chapters: readonly Chapter[] = [
  denials.subjects,
  managers.notMine,
  managers.refusing,
  denials.unreadable,
  denials.conflicts,
  denials.unsound,
  managers.failing,
  answers.calls,
  answers.gateway,
  answers.warnings,
  answers.refusals,
  answers.audit,
  answers.containers,
  ...Object.values(log),
  ...Object.values(doctor),
]

/**
 * Returns every message of this code, and the advice of `doctor`, without the keys of the audit log and the API server's own
 * messages.
 */
export const messagesOf = (all: readonly Chapter[]): readonly string[] =>
  all
    .filter((chapter) => chapter !== answers.audit && chapter !== answers.refusals)
    .flatMap(({ entries }) => entries.flatMap(({ says, advises = [] }) => [...says, ...advises]))
