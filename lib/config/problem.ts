import type { Path } from '../yaml/path.ts'

/** A problem that the operator has to fix, or a notice. Holds no value of the configuration that could be a secret. */
export interface ConfigProblem {
  /** `webhook.awsSecretManager.sidecarImage`; empty for the file as a whole. */
  readonly path: string
  /** Counts from 1. */
  readonly line: number | undefined
  /** The problem and what to do. Continues the path: `must be text`. */
  readonly message: string
}

/** The same, found in the data of the file before its line is known. */
export interface ConfigFinding {
  readonly path: Path
  readonly message: string
  /** The keys that a finding builds on. If one of them has a problem of its own, the finding may be wrong too. */
  readonly reads?: readonly Path[]
}
