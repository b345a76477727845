import type { NonEmpty } from '../errors.ts'
import type { Resources } from './resources.ts'

/** What every key says of itself. */
interface KeyText {
  /** One line, for editors and `config explain`. */
  readonly help: string
  /** Flyte has given the key up; it still works. */
  readonly deprecated?: true
}

/**
 * One key of a manager's configuration, as data: schema, JSON Schema, default, help, conflicts and the type of the option all come
 * from it. A key may always be left out, or stand without a value; both mean its default.
 */
export type Key =
  | (KeyText & { readonly kind: 'text' | 'image' | 'dnsLabel'; readonly default: string })
  | (KeyText & { readonly kind: 'optionalText' | 'optionalImage' | 'region' })
  | (KeyText & {
      readonly kind: 'oneOf'
      /** A word of digits may stand as a number too. */
      readonly of: NonEmpty<string>
      readonly default: string
      /** Upper and lower case do not matter. */
      readonly ignoresCase?: true
      /** What to say of a word that somebody may expect, by the word in lower case. */
      readonly instead?: Readonly<Record<string, string>>
    })
  /** Requests and limits of a container; each resource that is left out has its default. */
  | { readonly kind: 'resources'; readonly default: Resources }
  | (KeyText & {
      readonly kind: 'annotations'
      /** Annotations that must not be given, each with the reason. */
      readonly refused?: (
        annotations: Readonly<Record<string, string>>,
      ) => readonly (readonly [annotation: string, why: string])[]
    })
  /** A key of a Kubernetes Secret in the pod's namespace. */
  | (KeyText & { readonly kind: 'secretRef'; readonly default?: SecretRef })
  /** Names or patterns, of which `*` stands for any text; a rule may need one. */
  | (KeyText & { readonly kind: 'patterns'; readonly isNeeded?: true })
  | (KeyText & { readonly kind: 'section'; readonly keys: Keys })
  | (KeyText & { readonly kind: 'list'; readonly keys: Keys })
  /** Flyte has it, and the manager cannot do it: `refusal` says so where it is true. */
  | (KeyText & { readonly kind: 'falseOnly'; readonly refusal: string })
  /** Flyte has it, and it means nothing here. */
  | { readonly kind: 'unused' }
  | (KeyText & { readonly kind: 'unusedText' })

export type Keys = Readonly<Record<string, Key>>

export interface SecretRef {
  readonly name: string
  readonly key: string
}

/** What a key is once the configuration is resolved. */
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

/** The options that keys make, each with its default filled in. What has no default may be absent. */
export type OptionsOf<All extends Keys> = {
  readonly [Name in keyof All as undefined extends ValueOf<All[Name]> ? never : Name]: ValueOf<All[Name]>
} & {
  readonly [Name in keyof All as undefined extends ValueOf<All[Name]> ? Name : never]?: Exclude<
    ValueOf<All[Name]>,
    undefined
  >
}
