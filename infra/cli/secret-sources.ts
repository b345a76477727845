import { builtIn } from '../../lib/managers/built-in.ts'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { loadAwsValues } from '../../lib/aws-values.ts'
import type { Config } from '../../lib/config/config.ts'
import { needsSecretsManager, type SecretSources } from '../../lib/secret-managers.ts'

/**
 * Returns the sources of secrets of a command's managers. They are those of the function, with the command's own environment and
 * files.
 */
export const loadSecretSources = async (
  config: Config,
  environment: SecretSources['environment'],
): Promise<SecretSources> => ({
  environment,
  fileSystem: { exists: existsSync, readFile },
  ...(needsSecretsManager(config, builtIn) ? { awsValues: await loadAwsValues(config) } : {}),
})
