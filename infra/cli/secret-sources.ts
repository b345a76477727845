import { builtIn } from '../../lib/managers/built-in.ts'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { loadAwsValues } from '../../lib/aws-values.ts'
import type { Config } from '../../lib/config/config.ts'
import { needsSecretsManager, type SecretSources } from '../../lib/secret-managers.ts'

/** Where a command's managers find secrets: where the function would, with the command's own environment and files. */
export const loadSecretSources = async (
  config: Config,
  environment: SecretSources['environment'],
): Promise<SecretSources> => ({
  environment,
  fileSystem: { exists: existsSync, readFile },
  ...(needsSecretsManager(config, builtIn) ? { awsValues: await loadAwsValues(config) } : {}),
})
