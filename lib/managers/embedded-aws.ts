import { WebhookError } from '../errors.ts'
import type { SecretCache } from '../stores/cache.ts'
import type { Content } from '../stores/secret-source.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import type { SecretValue } from '../secret-value.ts'
import { discovery } from '../request/names.ts'
import type { ClaimRule } from './allow.ts'
import { type FileMountOptions, writingContainers, writtenFile } from './embedded-files.ts'
import { embeddedVariable, scopedNames } from './embedded-name.ts'
import {
  literal,
  notMine,
  type PodFacts,
  type Resolution,
  type SecretManager,
} from '../manager-kit/manager.ts'

export interface EmbeddedAwsOptions {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  readonly cache: SecretCache
  readonly fileMount: FileMountOptions
  /** `function.embedded.allow`. */
  readonly allow?: readonly ClaimRule[]
}

export const inNoScope = 'no secret has this key in the project, the domain or the organization'
export const doesNotAnswer = 'the store does not answer: try again'

/**
 * Flyte 2's Embedded manager of type `AWS`: it fetches the value from Secrets Manager while the pod is admitted, from the
 * narrowest of three scopes that has it (specification §4.7). A failure of the store does not mean that the secret is missing.
 */
export const createEmbeddedAws = ({
  envVarPrefix,
  cache,
  fileMount,
  allow,
}: EmbeddedAwsOptions): SecretManager => ({
  name: 'Embedded',
  async resolve(request, pod, signal): Promise<Resolution> {
    const names = scopedNames(request, pod, allow)
    if (names.kind !== 'names') return names
    let isSure = true
    for (const name of [names.project, names.domain, names.organization]) {
      const answer = await cache.get(name, signal)
      if (answer.kind === 'failed') return answer
      if (answer.kind === 'value') return found(request, pod, { content: answer.content, envVarPrefix })
      isSure &&= !answer.stale
    }
    return isSure ? notMine(inNoScope) : unsure
  },
  pullContainers: (steps) => writingContainers(fileMount, steps),
})

/** The store once reported that there is no secret, and does not answer now. */
const unsure: Resolution = {
  kind: 'failed',
  error: new WebhookError('store-unavailable', doesNotAnswer),
}

const found = (
  request: SecretRequest,
  pod: PodFacts,
  { content, envVarPrefix }: { readonly content: Content; readonly envVarPrefix: string },
): Resolution => {
  if (request.mountRequirement === 'FILE') return writtenFile(request, pod, bytesOf(content))
  const value = textOf(content)
  if (value === undefined)
    return {
      kind: 'failed',
      error: new WebhookError(
        'store-refused',
        'the secret is not UTF-8, so it cannot be the value of a variable',
      ),
    }
  const name = embeddedVariable(request, envVarPrefix)
  return {
    kind: 'found',
    wants: [
      literal(discovery.envPrefix, envVarPrefix),
      { kind: 'variable', name, sources: [{ kind: 'literal', value }] },
    ],
  }
}

const textOf = (content: Content): SecretValue | undefined =>
  content.kind === 'text' ? content.text : content.bytes.text()

const bytesOf = (content: Content): Uint8Array =>
  content.kind === 'text' ? new TextEncoder().encode(content.text.reveal()) : content.bytes.reveal()
