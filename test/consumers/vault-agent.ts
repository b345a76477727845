import { buildGo, hasGo } from './go.ts'

if (!hasGo)
  console.warn('SKIPPED: pods of Vault, because there is no go to build its injector and its templates with')

/** Builds the program `vault-agent` and returns its path. */
export const buildVaultAgent = (): Promise<string> => buildGo('vault-agent')
