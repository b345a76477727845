import type { NonEmpty } from '../errors.ts'

/**
 * Explanations in docs/troubleshooting.md for a manager's messages with one cause and one remedy. Each module of a manager
 * exports its own as `reasons`. They do not reach the bundle.
 */
export interface Reason {
  /** The reader: by default the person whose pod is denied. An outage is temporary: the webhook answers it with 503. */
  readonly place?: 'denial' | 'outage' | 'warning' | 'init-container'
  /** The message. Angle brackets mark the parts that differ. */
  readonly says: NonEmpty<string>
  /** Its meaning and its cause, as Markdown. */
  readonly why: string
  /** What to do, as Markdown. */
  readonly todo: string
}

export const needsGroup = 'it needs a group'
export const needsKey = 'it needs a key'
export const needsGroupAndKey = 'it needs a group and a key'
export const makesFilesOnly = 'it can make files only, and the request wants a variable'
export const needsLinux = 'it needs a Linux container, and the pod is for Windows (spec.os.name)'

/** The reasons that several managers give. */
export const reasons: readonly Reason[] = [
  {
    says: [needsGroup, needsKey, needsGroupAndKey],
    why: 'The request leaves something empty that this manager looks secrets up by.',
    todo: 'Name it: `Secret(group=…, key=…)` in flytekit. In the profile `flyte2` the group may be empty for `K8s` and `Embedded`.',
  },
  {
    says: [makesFilesOnly],
    why: 'The manager has secrets fetched into files while the pod starts. The SDK of Flyte 2 asks for `ENV_VAR` unless it is told otherwise.',
    todo: 'Ask for `FILE` or `ANY`, or switch `function.envFiles` on: AWS (with `function.aws.fetcher: cli`), GCP, Azure and Vault then make variables in clusters with Kubernetes 1.35 or later. `flyte-webhook preview` says what a manager needs. Or name a manager that makes variables in `webhook.secretManagerTypes`.',
  },
  {
    says: [needsLinux],
    why: 'The manager brings the secret by an init container, and its image is for Linux.',
    todo: 'Use `K8s`, or ask for a variable of `Global` or `Embedded`.',
  },
]
