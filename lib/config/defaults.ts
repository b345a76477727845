import type { Profile } from './config.ts'

/** The section `secrets`: Flyte's defaults, from `flytestdlib`. */
export const secretsDefaults = { 'env-prefix': 'FLYTE_SECRET_', 'secrets-prefix': '/etc/secrets' } as const

/** The defaults in which Flyte 1 and Flyte 2 differ. */
export const profileDefaults: Readonly<
  Record<Profile, { readonly secretEnvVarPrefix: string; readonly secretManagerType: string }>
> = {
  flyte1: { secretEnvVarPrefix: '_FSEC_', secretManagerType: 'K8s' },
  flyte2: { secretEnvVarPrefix: '_UNION_', secretManagerType: 'Embedded' },
}

/** The section `function`. */
export const functionDefaults = {
  profile: 'flyte1',
  onFailure: 'deny',
  ttlMs: 300_000,
  maxStaleMs: 86_400_000,
  reinvocation: 'Never',
  timeoutSeconds: 15,
} as const
