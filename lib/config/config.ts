import type { ManagerName } from '../manager-names.ts'

/** Which Flyte's defaults and placing of variables apply. */
export type Profile = 'flyte1' | 'flyte2'

/** A container's resources; the quantities are in Kubernetes' canonical form, as the API server stores them. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>
  readonly limits: Readonly<Record<string, string>>
}

/** The container that pulls secrets for one manager. */
export interface SidecarConfig {
  readonly sidecarImage: string
  readonly resources: Resources
}

/** `webhook.yaml` resolved: every default filled in, every name in its one spelling. Inlined into the bundle. */
export interface Config {
  /** 16 hex digits of SHA-256 over the canonical JSON (sorted keys) of all the rest. */
  readonly digest: string
  readonly webhook: WebhookConfig
  readonly secrets: { readonly 'env-prefix': string; readonly 'secrets-prefix': string }
  readonly function: FunctionConfig
}

/** Flyte's section `webhook`. */
export interface WebhookConfig {
  /** In the order of the look-up, each once. */
  readonly secretManagerTypes: readonly ManagerName[]
  readonly secretEnvVarPrefix: string
  readonly awsSecretManager: SidecarConfig
  readonly gcpSecretManager: SidecarConfig
  readonly azureSecretManager: SidecarConfig
  readonly vaultSecretManager: {
    readonly role: string
    readonly kvVersion: '1' | '2'
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly embeddedSecretManagerConfig: EmbeddedConfig
}

/** Flyte 2's Embedded manager. */
export interface EmbeddedConfig {
  readonly type: 'K8s' | 'AWS'
  readonly awsConfig: { readonly region?: string }
  readonly k8sConfig: { readonly namespace: string }
  /** The image is `function.embedded.image` where that is given. */
  readonly fileMountInitContainer: {
    readonly image: string
    readonly resources: Resources
    readonly containerName: string
  }
}

/** Patterns of names, of which `*` stands for any text; a list that is missing stands for all. */
export interface AllowRule {
  readonly namespaces?: readonly string[]
  readonly clusters?: readonly string[]
  readonly users?: readonly string[]
}

/** The section `function`: what only this system has. */
export interface FunctionConfig {
  readonly profile: Profile
  readonly onFailure: 'deny' | 'admit'
  readonly callers: {
    /** SHA-256 of each cluster's tokens, in lower-case hex. */
    readonly tokenSha256: Readonly<Record<string, readonly string[]>>
    readonly anonymous?: 'local' | 'network-restricted'
    readonly publicEndpoint?: 'accepted'
  }
  readonly globalSecrets: {
    readonly secretsManager: readonly {
      readonly secretId: string
      readonly group?: string
      readonly key?: string
    }[]
    readonly allow?: readonly (AllowRule & { readonly groups: readonly string[] })[]
    readonly ttlMs: number
    readonly maxStaleMs: number
  }
  readonly embedded: {
    readonly allow?: readonly (AllowRule & {
      readonly organizations: readonly string[]
      readonly projects: readonly string[]
      readonly domains: readonly string[]
    })[]
  }
  readonly aws: {
    readonly fetcher: 'sidecar' | 'cli'
    readonly cliImage: string
    /** Of the function's own calls. */
    readonly region?: string
    readonly endpoint?: string
  }
  readonly registration: {
    readonly reinvocation: 'Never' | 'IfNeeded'
    readonly timeoutSeconds: number
    readonly namespaceSelector?: LabelSelector
  }
}

/** A Kubernetes LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    readonly values?: readonly string[]
  }[]
}
