import { answers } from './answers.ts'
import { denials } from './denials.ts'
import { doctor } from './doctor.ts'
import type { Chapter } from './entry.ts'
import { log } from './log.ts'
import { managers } from './managers.ts'

/** Everything that the function, the gateway and `doctor` print, in the order of docs/troubleshooting.md. */
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

/** Every message, and what `doctor` advises. The keys of the audit log are no texts, and the API server's own are not of this code. */
export const messagesOf = (all: readonly Chapter[]): readonly string[] =>
  all
    .filter((chapter) => chapter !== answers.audit && chapter !== answers.refusals)
    .flatMap(({ entries }) => entries.flatMap(({ says, advises = [] }) => [...says, ...advises]))
