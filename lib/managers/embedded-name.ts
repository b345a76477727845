import { type NonEmpty, unique } from '../errors.ts'
import { folded } from '../folded-name.ts'
import { filePath, filePathAsWritten } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { PodFacts } from './manager.ts'

/** A secret's names in the store of Flyte 2's Embedded manager, one a scope. The narrowest that exists wins. */
export interface ScopedNames {
  readonly project: string
  readonly domain: string
  readonly organization: string
}

/** The labels by which Flyte says whose a pod is. */
const labels = ['organization', 'domain', 'project'] as const

/** The names under which a pod may find a secret, or why it has none (specification §4.7, Flyte 2's `EncodeSecretName`). */
export const scopedNames = (
  { key }: SecretRequest,
  pod: PodFacts,
): ({ readonly kind: 'names' } & ScopedNames) | { readonly kind: 'none'; readonly why: string } => {
  if (key === '') return { kind: 'none', why: 'it needs a key' }
  const [organization, domain, project] = labels.map((label) => pod.labels[label] ?? '')
  if (!organization || !domain || !project) return { kind: 'none', why: `the pod lacks ${missingOf(pod)}` }
  const name = (inDomain = '', inProject = ''): string =>
    `u__org__${organization}__domain__${inDomain}__project__${inProject}__key__${key}`
  return { kind: 'names', project: name(domain, project), domain: name(domain), organization: name() }
}

const missingOf = (pod: PodFacts): string =>
  labels
    .filter((label) => (pod.labels[label] ?? '') === '')
    .map((label) => `the label ${label}`)
    .join(', ')

/** The one variable of an embedded secret: `env_var`, or `<PREFIX><KEY>` without the group. */
export const embeddedVariable = ({ key, envVar }: SecretRequest, envVarPrefix: string): string =>
  envVar === '' ? `${envVarPrefix}${folded(key)}` : envVar

/**
 * The files of an embedded secret, without the group: by its key in lower case, as flytekit reads it and `env_var` names
 * it (flytekit, `SecretsManager.get_secrets_file`), and by its key as it is written where that differs, as Flyte 2's SDK
 * documents it (`open("/etc/flyte/secrets/MY_SECRET_KEY")`).
 */
export const embeddedPaths = ({
  key,
}: SecretRequest):
  | { readonly kind: 'paths'; readonly absolute: NonEmpty<string> }
  | { readonly kind: 'unusable'; readonly why: string } => {
  const lower = filePath(key)
  if (lower.kind === 'unusable') return lower
  const written = filePathAsWritten(key)
  if (written.kind === 'unusable') return written
  return { kind: 'paths', absolute: unique([lower.absolute, written.absolute]) }
}
