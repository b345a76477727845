import type { NonEmpty } from '../errors.ts'
import type { Resources } from './resources.ts'

/** What every key says about itself. */
interface KeyText {
  /** One line, for editors and `config explain`. */
  readonly help: string
  /** Whether the key is deprecated in Flyte; it still works. */
  readonly deprecated?: true
}

/**
 * One key of a manager's configuration, as data: schema, JSON Schema, default, help, conflicts and the type of the option
 * derive from it. Every key is optional and may have no value; both mean its default.
 */
export type Key =
  | (KeyText & { readonly kind: 'text' | 'image' | 'dnsLabel'; readonly default: string })
  | (KeyText & { readonly kind: 'optionalText' | 'optionalImage' | 'region' })
  | (KeyText & {
      readonly kind: 'oneOf'
      /** Whether a word of digits may also be a number. */
      readonly of: NonEmpty<string>
      readonly default: string
      /** Upper and lower case are equivalent. */
      readonly ignoresCase?: true
      /** Explanations for words that somebody may expect, by the word in lower case. */
      readonly instead?: Readonly<Record<string, string>>
    })
  /** Requests and limits of a container; each missing resource has its default. */
  | { readonly kind: 'resources'; readonly default: Resources }
  | (KeyText & {
      readonly kind: 'annotations'
      /** Forbidden annotations, each with the reason. */
      readonly refused?: (
        annotations: Readonly<Record<string, string>>,
      ) => readonly (readonly [annotation: string, why: string])[]
    })
  /** A key of a Kubernetes Secret in the pod's namespace. */
  | (KeyText & { readonly kind: 'secretRef'; readonly default?: SecretRef })
  /** Names or patterns, in which `*` stands for any text; a rule may need one. */
  | (KeyText & { readonly kind: 'patterns'; readonly isNeeded?: true })
  | (KeyText & { readonly kind: 'section'; readonly keys: Keys })
  | (KeyText & { readonly kind: 'list'; readonly keys: Keys })
  /** Flyte has it and the manager cannot do it: if it is true, `refusal` is the message. */
  | (KeyText & { readonly kind: 'falseOnly'; readonly refusal: string })
  /** Flyte has it, and it has no effect here. */
  | { readonly kind: 'unused' }
  | (KeyText & { readonly kind: 'unusedText' })

export type Keys = Readonly<Record<string, Key>>

export interface SecretRef {
  readonly name: string
  readonly key: string
}

/** The type of a key in a resolved configuration. */
type ValueOf<K extends Key> = K extends { readonly kind: 'text' | 'image' | 'dnsLabel' }
  ? string
  : K extends { readonly kind: 'optionalText' | 'optionalImage' | 'region' }
    ? string | undefined
    : K extends { readonly kind: 'oneOf'; readonly of: readonly (infer Word)[] }
      ? Word
      : K extends { readonly kind: 'resources' }
        ? Resources
        : K extends { readonly kind: 'annotations' }
          ? Readonly<Record<string, string>>
          : K extends { readonly kind: 'secretRef'; readonly default: SecretRef }
            ? SecretRef
            : K extends { readonly kind: 'secretRef' }
              ? SecretRef | undefined
              : K extends { readonly kind: 'patterns'; readonly isNeeded: true }
                ? readonly string[]
                : K extends { readonly kind: 'patterns' }
                  ? readonly string[] | undefined
                  : K extends { readonly kind: 'section'; readonly keys: infer Inner extends Keys }
                    ? OptionsOf<Inner>
                    : K extends { readonly kind: 'list'; readonly keys: infer Inner extends Keys }
                      ? readonly OptionsOf<Inner>[] | undefined
                      : undefined

/** The options from some keys, each with its default. An option without a default may be absent. */
export type OptionsOf<All extends Keys> = {
  readonly [Name in keyof All as undefined extends ValueOf<All[Name]> ? never : Name]: ValueOf<All[Name]>
} & {
  readonly [Name in keyof All as undefined extends ValueOf<All[Name]> ? Name : never]?: Exclude<
    ValueOf<All[Name]>,
    undefined
  >
}
