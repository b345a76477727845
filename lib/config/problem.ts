import type { Path } from '../yaml/path.ts'

/** Something the operator has to change, or (a notice) should know. Holds no value of the configuration that could be a secret. */
export interface ConfigProblem {
  /** `webhook.awsSecretManager.sidecarImage`; empty where the file as a whole is meant. */
  readonly path: string
  /** Counted from 1. */
  readonly line: number | undefined
  /** What is wrong and what to do; goes on where the path ends: `must be text`. */
  readonly message: string
}

/** The same, found in what the file says and not yet in its text. */
export interface ConfigFinding {
  readonly path: Path
  readonly message: string
  /** What a finding about several keys builds on: where one of them is wrong by itself, the finding may be wrong too. */
  readonly reads?: readonly Path[]
}
