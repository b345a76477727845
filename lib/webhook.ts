import { decodeReview } from './admission/review.ts'
import { encodeResponse } from './admission/response.ts'
import { statusOf } from './admission/status.ts'
import type { Caller } from './caller/caller.ts'
import type { Config, SecretManagerType } from './config/config.ts'
import { decide, type Policy } from './decision.ts'
import { WebhookError } from './errors.ts'
import type { GatewayAnswer, GatewayRequest } from './gateway/event.ts'
import { createAws } from './managers/aws.ts'
import { createAzure } from './managers/azure.ts'
import { createGcp } from './managers/gcp.ts'
import { createGlobal } from './managers/global.ts'
import { createK8s } from './managers/k8s.ts'
import type { SecretManager } from './managers/manager.ts'
import { createVault } from './managers/vault.ts'
import { createEnvironmentStore } from './stores/environment.ts'
import { createFileStore, type FileSystem } from './stores/files.ts'
import { type FailureEntry, failureEntry } from './telemetry/failure-log.ts'

/** What the webhook needs of the world around it. */
export interface Ports {
  /** Says whose path it is; undefined for a path that nobody may call. */
  readonly identifyCaller: (path: string) => Caller | undefined
  /** The function's own variables: some are global secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fileSystem: FileSystem
  readonly log: (entry: FailureEntry) => void
}

export interface Webhook {
  /** Answers one call; it never fails. An aborted signal ends what waits for a store. */
  readonly handle: (request: GatewayRequest, signal: AbortSignal) => Promise<GatewayAnswer>
  /** The answer to a call whose time has run out. */
  readonly outOfTime: () => GatewayAnswer
}

/**
 * The webhook of one configuration: Lambda handler, `flyte-webhook review` and tests all go through it. Every failure
 * ends here, as an answer with a Kubernetes `Status` (specification §6).
 */
export const createWebhook = (config: Config, ports: Ports): Webhook => {
  const policy: Policy = {
    managers: createManagers(config, ports),
    placing: config.function.profile === 'flyte1' ? 'append' : 'prepend-and-replace',
    onFailure: config.function.onFailure,
    configDigest: config.digest,
  }

  const answer = async (request: GatewayRequest, signal: AbortSignal): Promise<GatewayAnswer> => {
    if (request.method !== 'POST' || ports.identifyCaller(request.path) === undefined) {
      throw new WebhookError('not-found', 'no such path or caller')
    }
    const review = decodeReview(request.contentType, request.body)
    const decision = await decide(review, policy, signal)
    return json(200, encodeResponse(review, decision))
  }

  const failed = (error: unknown): GatewayAnswer => {
    const known =
      error instanceof WebhookError ? error : new WebhookError('internal', 'unforeseen', { cause: error })
    if (known.code === 'internal' || known.code === 'store-unavailable') ports.log(failureEntry(known))
    const status = statusOf(known)
    return json(status.code, JSON.stringify(status))
  }

  return {
    handle: (request, signal) => answer(request, signal).catch(failed),
    outOfTime: () =>
      failed(new WebhookError('store-unavailable', 'the secrets were not there in time: try again')),
  }
}

const json = (status: number, body: string): GatewayAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
})

/** The managers in the order in which they are asked: global secrets always first (specification §3). */
const createManagers = (
  { webhook, secrets, function: { profile } }: Config,
  ports: Ports,
): readonly SecretManager[] => {
  const envVarPrefix = webhook.secretEnvVarPrefix
  const stores = [
    createEnvironmentStore(secrets['env-prefix'], ports.environment),
    createFileStore(secrets['secrets-prefix'], ports.fileSystem),
  ]
  const create = {
    K8s: () => createK8s({ envVarPrefix, emptyGroup: profile === 'flyte1' ? 'refused' : 'md5-of-key' }),
    AWS: () => createAws(webhook.awsSecretManager),
    GCP: () => createGcp(webhook.gcpSecretManager),
    Azure: () => createAzure(webhook.azureSecretManager),
    Vault: () => createVault(webhook.vaultSecretManager),
    Embedded: (): never => {
      throw new WebhookError('internal', 'the configuration names Embedded, which this version does not have')
    },
  } as const satisfies Record<Exclude<SecretManagerType, 'Global'>, () => SecretManager>
  const others = webhook.secretManagerTypes.filter((type) => type !== 'Global')
  return [createGlobal({ envVarPrefix, stores }), ...others.map((type) => create[type]())]
}
