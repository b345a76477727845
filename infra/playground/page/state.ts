import { z } from 'zod'

const request = z.object({
  group: z.string(),
  groupVersion: z.string(),
  key: z.string(),
  mountRequirement: z.enum(['ANY', 'ENV_VAR', 'FILE']),
  envVar: z.string(),
})

/** What a person chose and typed: everything on the page follows from it. No field of it asks for the value of a secret. */
export const state = z.object({
  /** The text of a `webhook.yaml`. */
  config: z.string(),
  /** A Pod or an AdmissionReview, as YAML or JSON. */
  pod: z.string(),
  /** What the pod asks for besides its own annotations. More than a pod may ask for is left to the webhook to refuse. */
  requests: z.array(request).max(1000),
  /** Global secrets of the function's environment that are to exist: `group/key`, one a line. */
  globalSecrets: z.string(),
  /** Secrets of AWS Secrets Manager that are to exist: `name` or `name#key`, one a line. */
  storedSecrets: z.string(),
  /** Where and for whom the pod is created; empty stands for what `flyte-webhook preview` takes. */
  namespace: z.string(),
  user: z.string(),
  cluster: z.string(),
})

export type State = z.infer<typeof state>

/** What the page says above the result until the next change. */
export interface Notice {
  readonly text: string
  /** Takes back what the notice tells. */
  readonly undo?: Partial<State>
}

/** Changes some fields of the state, and says something about it. */
export type ChangeState = (fields: Partial<State>, notice?: Notice) => void

/** What the page begins with, but for the pod. */
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
