/** Selects the defaults and the placing of variables of Flyte 1 or 2. */
export type Profile = 'flyte1' | 'flyte2'

/** The resolved `webhook.yaml`: with every default, and every name in its canonical spelling. */
export interface Config extends BundledConfig {
  readonly function: FunctionConfig
}

/** The part of a configuration that the function reads. Inlined into the bundle. */
export interface BundledConfig {
  /** 16 hex digits of SHA-256 over the canonical JSON (sorted keys) of all other fields. */
  readonly digest: string
  readonly webhook: WebhookConfig
  readonly secrets: { readonly 'env-prefix': string; readonly 'secrets-prefix': string }
  readonly function: BundledFunctionConfig
}

/** Flyte's section `webhook`. Only the definitions of managers know the sections of managers. */
export interface WebhookConfig {
  /** In the order of the look-up, without repetitions. */
  readonly secretManagerTypes: readonly string[]
  readonly secretEnvVarPrefix: string
  readonly [section: string]: unknown
}

/** Patterns of names, in which `*` stands for any text. A missing list matches everything. */
export interface AllowRule {
  readonly namespaces?: readonly string[]
  readonly clusters?: readonly string[]
  readonly users?: readonly string[]
}

/** The section `function`: keys that Flyte does not have. */
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
  /** Clusters in which variables can come from files: all, or these names or patterns. Nowhere if it is missing. */
  readonly envFiles?: true | readonly string[]
  /** Of the function's own calls. */
  readonly aws: { readonly region?: string; readonly endpoint?: string }
  /** The options of managers in `function.managers`, by their names. */
  readonly managers?: Readonly<Record<string, ManagerEntry>>
  readonly [section: string]: unknown
}

/** One manager's entry in `function.managers`. */
export interface ManagerEntry {
  /** Names or patterns of the groups that it serves; all groups if it is missing. */
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
