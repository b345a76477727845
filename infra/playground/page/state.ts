import { z } from 'zod'

const request = z.object({
  group: z.string(),
  groupVersion: z.string(),
  key: z.string(),
  mountRequirement: z.enum(['ANY', 'ENV_VAR', 'FILE']),
  envVar: z.string(),
})

/** What a person chose and typed. Everything on the page follows from it. No field asks for the value of a secret. */
export const state = z.object({
  /** The text of a `webhook.yaml`. */
  config: z.string(),
  /** A Pod or an AdmissionReview, as YAML or JSON. */
  pod: z.string(),
  /** What the pod asks for besides its own annotations. The limit is high, so that the webhook refuses too many requests itself. */
  requests: z.array(request).max(1000),
  /** Global secrets that exist in the function's environment: `group/key`, one per line. */
  globalSecrets: z.string(),
  /** Secrets that exist in AWS Secrets Manager: `name` or `name#key`, one per line. */
  storedSecrets: z.string(),
  /** Where and for whom the pod is created. Empty means the default of `flyte-webhook preview`. */
  namespace: z.string(),
  user: z.string(),
  cluster: z.string(),
})

export type State = z.infer<typeof state>

/** A message above the result until the next change. */
export interface Notice {
  readonly text: string
  /** Undoes the change that the notice reports. */
  readonly undo?: Partial<State>
}

/** Changes some fields of the state, and can show a notice about it. */
export type ChangeState = (fields: Partial<State>, notice?: Notice) => void

/** The initial state, without a pod. */
export const emptyState: State = {
  config: `# Paste your webhook.yaml over this.
webhook:
  secretManagerTypes: [K8s]
function:
  profile: flyte1
`,
  pod: '',
  requests: [],
  globalSecrets: '',
  storedSecrets: '',
  namespace: '',
  user: '',
  cluster: '',
}
