import type { Config, SecretManagerType } from './config/config.ts'
import { WebhookError } from './errors.ts'
import { createAws } from './managers/aws.ts'
import { createAzure } from './managers/azure.ts'
import { createGcp } from './managers/gcp.ts'
import { createGlobal } from './managers/global.ts'
import { createK8s } from './managers/k8s.ts'
import type { SecretManager } from './managers/manager.ts'
import { createVault } from './managers/vault.ts'
import { createEnvironmentStore } from './stores/environment.ts'
import { createFileStore, type FileSystem } from './stores/files.ts'

/** Where global secrets come from. */
export interface SecretSources {
  /** The function's own variables: some are global secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fileSystem: FileSystem
}

/** The managers in the order in which they are asked: global secrets always first (specification §3). */
export const createManagers = (
  { webhook, secrets, function: { profile } }: Config,
  sources: SecretSources,
): readonly SecretManager[] => {
  const envVarPrefix = webhook.secretEnvVarPrefix
  const stores = [
    createEnvironmentStore(secrets['env-prefix'], sources.environment),
    createFileStore(secrets['secrets-prefix'], sources.fileSystem),
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
