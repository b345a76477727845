import type { Terminal } from './terminal.ts'

/** The environment of a command. */
export interface Context {
  readonly terminal: Terminal
  readonly now: () => Date
  readonly environment: Readonly<Record<string, string | undefined>>
}
