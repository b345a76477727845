/** Which Flyte's defaults and placing of variables apply. */
export type Profile = 'flyte1' | 'flyte2'

/** `webhook.yaml` resolved: every default filled in, every name in its one spelling. */
export interface Config extends BundledConfig {
  readonly function: FunctionConfig
}

/** What the function reads of a configuration. Inlined into the bundle. */
export interface BundledConfig {
  /** 16 hex digits of SHA-256 over the canonical JSON (sorted keys) of all the rest. */
  readonly digest: string
  readonly webhook: WebhookConfig
  readonly secrets: { readonly 'env-prefix': string; readonly 'secrets-prefix': string }
  readonly function: BundledFunctionConfig
}

/** Flyte's section `webhook`. What stands in the sections of managers is known to their definitions alone. */
export interface WebhookConfig {
  /** In the order of the look-up, each once. */
  readonly secretManagerTypes: readonly string[]
  readonly secretEnvVarPrefix: string
  readonly [section: string]: unknown
}

/** Patterns of names, of which `*` stands for any text; a list that is missing stands for all. */
export interface AllowRule {
  readonly namespaces?: readonly string[]
  readonly clusters?: readonly string[]
  readonly users?: readonly string[]
}

/** The section `function`: what only this system has. */
export interface FunctionConfig extends BundledFunctionConfig {
  readonly registration: {
    readonly reinvocation: 'Never' | 'IfNeeded'
    readonly timeoutSeconds: number
    readonly namespaceSelector?: LabelSelector
  }
}

export interface BundledFunctionConfig {
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
  /** Where variables can come from files: every cluster, or those of these names or patterns; nowhere without it. */
  readonly envFiles?: true | readonly string[]
  /** Of the function's own calls. */
  readonly aws: { readonly region?: string; readonly endpoint?: string }
  /** What managers have in `function.managers`, by their names. */
  readonly managers?: Readonly<Record<string, ManagerEntry>>
  readonly [section: string]: unknown
}

/** What `function.managers` says of one manager. */
export interface ManagerEntry {
  /** Names or patterns of the groups that it is asked for; all without it. */
  readonly groups?: readonly string[]
  readonly [key: string]: unknown
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
