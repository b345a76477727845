import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { markdownTable } from '../support/markdown.ts'
import type { MarkedSection } from '../support/marked-section.ts'

/** A scenario on Lambda's runtime interface and its outcome. A test in this folder proves each. */
export interface Row {
  readonly what: string
  readonly outcome: string
}

/** The scenarios of answers.e2e.ts. */
export const answerRows = {
  examples: {
    what: 'each review in `examples/` arrives through a REST API or an HTTP API, as text or in base64',
    outcome: 'the answer has the bytes that `flyte-webhook review` prints',
  },
  apiServer: {
    what: 'a real `kube-apiserver` creates a pod',
    outcome: 'the pod is stored with its secret',
  },
  log: {
    what: 'pods are patched and denied, and a caller has the wrong token',
    outcome:
      'the log has one JSON line for each call, and contains neither a token nor the value of a secret',
  },
  nearLimit: {
    what: "the event has 6 MB, Lambda's limit, and the body has less than 5 MiB",
    outcome: 'the answer has the bytes that `flyte-webhook review` prints',
  },
  tooLarge: {
    what: 'the event has 6 MB, and the body has more than 5 MiB',
    outcome: 'the caller gets 413, and the function answers the next call',
  },
} as const satisfies Record<string, Row>

/** The scenarios of faults.e2e.ts. */
export const faultRows = {
  hangingStore: {
    what: 'Secrets Manager does not answer, and the API server waits longer than Lambda',
    outcome:
      "the function itself answers 503 before Lambda's time-out; the same process answers the next call",
  },
  timedOut: {
    what: "the runtime hangs in the middle of a call until Lambda's time-out",
    outcome: 'Lambda ends the runtime, the caller gets 503, and a new process answers the next call',
  },
  environment: {
    what: '`CALLER_TOKEN_SHA256` is malformed',
    outcome: 'every caller gets 503, and the log names the variable and the entry without its text',
  },
  hangingInit: {
    what: 'Secrets Manager does not answer during the init phase, with global secrets',
    outcome:
      'the init phase ends after 3 s; pods without a global secret get an answer, others get 503 until Secrets Manager answers',
  },
  frozen: {
    what: 'the runtime is suspended for 10 s between two calls, as Lambda freezes it, while a global secret is rotated',
    outcome: 'the same process answers the next call, with the new value',
  },
} as const satisfies Record<string, Row>

export const reliabilityFile = join(projectRoot, 'docs/reliability.md')
export const rowsSection: MarkedSection = { name: "Lambda's runtime", command: 'npm run docs' }

/** Formats the rows as a Markdown table. */
export const rowsTable = (): string =>
  markdownTable(
    ['scenario', 'outcome'],
    [...Object.values<Row>(answerRows), ...Object.values<Row>(faultRows)].map(({ what, outcome }) => [
      what,
      outcome,
    ]),
  )
