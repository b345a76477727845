import type { AwsValues } from './aws-values.ts'
import type { BundledConfig } from './config/config.ts'
import { optionsOf } from './config/described-manager.ts'
import { WebhookError } from './errors.ts'
import type { Host } from './manager-kit/definition.ts'
import type { SecretManager } from './manager-kit/manager.ts'
import type { AnyDefinition } from './managers/any-definition.ts'
import { createGlobal } from './managers/global.ts'
import { limitedTo } from './managers/limited.ts'
import type { ReadSecrets } from './managers/store-definition.ts'
import { createEnvironmentStore } from './stores/environment.ts'
import { createFileStore, type FileSystem } from './stores/files.ts'

/** The sources of the secrets that the function itself reads. */
export interface SecretSources {
  /** The function's own variables; some of them are global secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fileSystem: FileSystem
  /** Access to AWS Secrets Manager; required if the configuration `needsSecretsManager`. */
  readonly awsValues?: AwsValues
}

export interface SecretManagers {
  /** In the order of asking: global secrets always come first (specification §3). */
  readonly managers: readonly SecretManager[]
  /** Fetches the listed secrets of the configuration, for the start of the function. */
  readonly prefetch: (signal: AbortSignal) => Promise<void>
  /** What Secrets Manager's caches served since this was last called. */
  readonly takeUse: () => { readonly staleServed?: number; readonly oldestSecretAgeMs?: number }
}

/** The definitions of the managers that a configuration names, in its order. `Global` is always among them. */
export const askedOf = (
  config: BundledConfig,
  definitions: readonly AnyDefinition[],
): readonly AnyDefinition[] =>
  config.webhook.secretManagerTypes.map(
    (name) => definitions.find((definition) => definition.name === name) ?? notBuiltIn(name),
  )

/** What managers read from AWS Secrets Manager while a pod is admitted, besides the listed global secrets. */
export const readByManagers = (
  config: BundledConfig,
  definitions: readonly AnyDefinition[],
): readonly ReadSecrets[] =>
  definitions
    .filter(({ name }) => config.webhook.secretManagerTypes.includes(name))
    .flatMap((definition) => definition.reads?.(optionsOf(definition, config)) ?? [])

/** Whether the function reads AWS Secrets Manager itself. */
export const needsSecretsManager = (config: BundledConfig, definitions: readonly AnyDefinition[]): boolean =>
  config.function.globalSecrets.secretsManager.length > 0 || readByManagers(config, definitions).length > 0

/** Creates the managers of a configuration, each with its own options. */
export const createManagers = (
  config: BundledConfig,
  definitions: readonly AnyDefinition[],
  sources: SecretSources,
): SecretManagers => {
  const awsValues = needsSecretsManager(config, definitions) ? (sources.awsValues ?? notLoaded()) : undefined
  const host = hostOf(config)
  const others = askedOf(config, definitions).flatMap((definition) => {
    const options = optionsOf(definition, config)
    const manager = definition.create?.(options, host, () => awsValues ?? notLoaded())
    if (manager === undefined) return []
    const groups = config.function.managers?.[definition.name]?.groups
    return [groups === undefined ? manager : limitedTo(groups, manager)]
  })
  return {
    managers: [globalOf(config, sources, awsValues), ...others],
    prefetch: async (signal) => awsValues?.prefetch(signal),
    takeUse: () => awsValues?.takeUse() ?? {},
  }
}

/** The facts of a configuration that all managers receive. */
export const hostOf = ({ webhook, function: { profile } }: BundledConfig): Host => ({
  envVarPrefix: webhook.secretEnvVarPrefix,
  profile,
})

const notBuiltIn = (name: string): never => {
  throw new WebhookError('internal', `the manager ${name} is not built in`)
}

const notLoaded = (): never => {
  throw new WebhookError('internal', 'Secrets Manager is not loaded')
}

const globalOf = (
  { webhook, secrets, function: { globalSecrets } }: BundledConfig,
  sources: SecretSources,
  awsValues: AwsValues | undefined,
): SecretManager => {
  const { allow } = globalSecrets
  return createGlobal({
    envVarPrefix: webhook.secretEnvVarPrefix,
    stores: [
      createEnvironmentStore(secrets['env-prefix'], sources.environment),
      createFileStore(secrets['secrets-prefix'], sources.fileSystem),
      ...(awsValues?.globalSecrets === undefined ? [] : [awsValues.globalSecrets]),
    ],
    ...(allow === undefined ? {} : { allow }),
  })
}
