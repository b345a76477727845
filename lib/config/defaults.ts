import type { ManagerName } from '../manager-names.ts'
import type { Profile, Resources } from './config.ts'

/** Flyte's defaults, from `flyteplugins/go/tasks/pluginmachinery/secret/config` and `flytestdlib`'s section `secrets`. */
export const sidecarImages = {
  awsSecretManager: 'docker.io/amazon/aws-secrets-manager-secret-sidecar:v0.1.4',
  gcpSecretManager: 'gcr.io/google.com/cloudsdktool/cloud-sdk:alpine',
  azureSecretManager: 'mcr.microsoft.com/azure-cli:cbl-mariner2.0',
} as const

/** What a pull container asks for and may use. */
export const sidecarResources: Resources = {
  requests: { cpu: '200m', memory: '500Mi' },
  limits: { cpu: '200m', memory: '500Mi' },
}

/** The image of `function.aws.fetcher: cli`: AWS CLI version 2 on Amazon Linux, with `sh` and `jq`. */
export const cliImage = 'public.ecr.aws/aws-cli/aws-cli:2.31.0'

/** `webhook.embeddedSecretManagerConfig`. */
export const embeddedDefaults = {
  type: 'K8s',
  namespace: 'flyte',
  image: 'public.ecr.aws/docker/library/busybox:latest',
  containerName: 'init-embedded-secret',
} as const

/** What Embedded's container that writes files asks for and may use. */
export const fileMountResources: Resources = {
  requests: { cpu: '100m', memory: '100Mi' },
  limits: { cpu: '100m', memory: '100Mi' },
}

/** `webhook.vaultSecretManager`. */
export const vaultDefaults = { role: 'flyte', kvVersion: '2' } as const

/** The section `secrets`. */
export const secretsDefaults = { 'env-prefix': 'FLYTE_SECRET_', 'secrets-prefix': '/etc/secrets' } as const

/** The defaults in which Flyte 1 and Flyte 2 differ. */
export const profileDefaults: Readonly<
  Record<Profile, { readonly secretEnvVarPrefix: string; readonly secretManagerType: ManagerName }>
> = {
  flyte1: { secretEnvVarPrefix: '_FSEC_', secretManagerType: 'K8s' },
  flyte2: { secretEnvVarPrefix: '_UNION_', secretManagerType: 'Embedded' },
}

/** The section `function`. */
export const functionDefaults = {
  profile: 'flyte1',
  onFailure: 'deny',
  fetcher: 'sidecar',
  ttlMs: 300_000,
  maxStaleMs: 86_400_000,
  reinvocation: 'Never',
  timeoutSeconds: 15,
} as const
