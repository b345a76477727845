import type { FailureEntry } from './failure-log.ts'

/** Writes entries as JSON, one a line, as CloudWatch Logs takes them. */
export const createLog =
  (write: (line: string) => void) =>
  (entry: FailureEntry): void =>
    write(`${JSON.stringify(entry)}\n`)
