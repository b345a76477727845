import type { NonEmpty } from '../errors.ts'

/**
 * Messages of a manager with the same cause and the same remedy, and their text in docs/troubleshooting.md. Each module of a
 * manager exports its own as `reasons`. They do not reach the bundle.
 */
export interface Reason {
  /** Where the user meets the message; in a denial by default. An outage is temporary and gets HTTP 503. */
  readonly place?: 'denial' | 'outage' | 'warning' | 'init-container'
  /** The messages as printed. Angle brackets mark the parts that vary. */
  readonly says: NonEmpty<string>
  /** What it means and its cause, in whole sentences of Markdown. */
  readonly why: string
  /** What to do, in whole sentences of Markdown. */
  readonly todo: string
}

export const needsGroup = 'it needs a group'
export const needsKey = 'it needs a key'
export const needsGroupAndKey = 'it needs a group and a key'
export const makesFilesOnly = 'it makes only files, but the request wants a variable'
export const needsLinux = 'it needs a Linux container, but the pod is for Windows (spec.os.name)'

/** The reasons that several managers give. */
export const reasons: readonly Reason[] = [
  {
    says: [needsGroup, needsKey, needsGroupAndKey],
    why: 'This manager looks secrets up by a field that the request leaves empty.',
    todo: 'Set the field: `Secret(group=…, key=…)` in flytekit. The page of each manager says if the group can be empty ([`managers.md`](managers.md#what-each-makes)).',
  },
  {
    says: [makesFilesOnly],
    why: 'This manager fetches secrets into files while the pod starts. The Flyte 2 SDK asks for `ENV_VAR` by default.',
    todo: 'Ask for `FILE` or `ANY`. Or turn `function.envFiles` on: AWS (with `function.aws.fetcher: cli`), GCP, Azure and Vault then make variables in clusters with Kubernetes 1.35 or later. Or add a manager that makes variables to `webhook.secretManagerTypes`. `flyte-webhook preview` shows what a manager needs.',
  },
  {
    says: [needsLinux],
    why: 'This manager uses an init container with a Linux image.',
    todo: 'Use `K8s`, or ask for a variable from `Global` or `Embedded`.',
  },
]
