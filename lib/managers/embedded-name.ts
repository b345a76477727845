import { type NonEmpty, unique, WebhookError } from '../errors.ts'
import { folded } from '../folded-name.ts'
import { isLabelValue } from '../kubernetes-names.ts'
import { filePath, filePathAsWritten } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { needsKey } from '../manager-kit/reason.ts'
import { type ClaimRule, mayClaim } from './allow.ts'
import { notMine, type PodFacts, type Resolution, whyNoLinuxContainer } from '../manager-kit/manager.ts'

/** A secret's names in the store of Flyte 2's Embedded manager, one for each scope. The narrowest that exists wins. */
export interface ScopedNames {
  readonly project: string
  readonly domain: string
  readonly organization: string
}

/** The labels by which Flyte names the owner of a pod. */
const labels = ['organization', 'domain', 'project'] as const

/**
 * Separators of a name. A label that contains one makes a name that also belongs to another owner: `a__key` with the key `b` is
 * the project `a` with the key `key__b`. Rules name the one owner and not the other, so with rules no pod may claim it.
 */
const separator = /__(?:domain|project|key)(?:__|$)/

export const mayNotClaim =
  'function.embedded.allow does not let this pod claim its organization, project and domain'

/** The same words whether or not such a secret exists. */
const notAllowed: Resolution = {
  kind: 'failed',
  error: new WebhookError('not-allowed', mayNotClaim),
}

/**
 * The names by which a pod may find a secret (specification §4.7, Flyte 2's `EncodeSecretName`), or the answer to a request
 * without such names. `allow` is `function.embedded.allow`; without it every pod may claim the owner that its labels name.
 */
export const scopedNames = (
  { key }: SecretRequest,
  pod: PodFacts,
  allow: readonly ClaimRule[] | undefined,
): ({ readonly kind: 'names' } & ScopedNames) | Resolution => {
  if (key === '') return notMine(needsKey)
  const owner = labels.map((label) => pod.labels[label] ?? '')
  const [organization, domain, project] = owner
  if (!organization || !domain || !project)
    return notMine(`the pod lacks ${labelsWhere((value) => value === '', pod)}`)
  // Each of up to 256 requests makes three names from these labels, and API servers check labels only after webhooks.
  const invalid = labelsWhere((value) => !isLabelValue(value), pod)
  if (invalid !== '') return notMine(`Kubernetes does not allow the value of ${invalid}`)
  const isShared = owner.some((value) => separator.test(value))
  if (allow !== undefined && (isShared || !mayClaim(allow, pod))) return notAllowed
  const name = (inDomain = '', inProject = ''): string =>
    `u__org__${organization}__domain__${inDomain}__project__${inProject}__key__${key}`
  return { kind: 'names', project: name(domain, project), domain: name(domain), organization: name() }
}

const labelsWhere = (matches: (value: string) => boolean, pod: PodFacts): string =>
  labels
    .filter((label) => matches(pod.labels[label] ?? ''))
    .map((label) => `the label ${label}`)
    .join(', ')

/** The only variable of an embedded secret: `env_var`, or `<PREFIX><KEY>` without the group. */
export const embeddedVariable = ({ key, envVar }: SecretRequest, envVarPrefix: string): string =>
  envVar === '' ? `${envVarPrefix}${folded(key)}` : envVar

/**
 * The files of an embedded secret, without the group: one with the key in lower case, as flytekit reads it and `env_var` names
 * it (flytekit, `SecretsManager.get_secrets_file`). If the written key differs, also one with that key, as Flyte 2's SDK
 * documents it (`open("/etc/flyte/secrets/MY_SECRET_KEY")`).
 */
export const embeddedPaths = (
  { key }: SecretRequest,
  pod: PodFacts,
):
  | { readonly kind: 'paths'; readonly absolute: NonEmpty<string> }
  | { readonly kind: 'unusable'; readonly why: string } => {
  const why = whyNoLinuxContainer(pod)
  if (why !== undefined) return { kind: 'unusable', why }
  const lower = filePath(key)
  if (lower.kind === 'unusable') return lower
  const written = filePathAsWritten(key)
  if (written.kind === 'unusable') return written
  return { kind: 'paths', absolute: unique([lower.absolute, written.absolute]) }
}
