import { z } from 'zod'
import { notOneOf } from './wording.ts'

/** The help that an editor shows for a key. */
interface KeyMeta {
  readonly description: string
  readonly default?: unknown
  readonly deprecated?: boolean
}

/** A key that may be missing or have no value (`role:`). Both mean its default, as in Flyte. */
export const key = <T extends z.ZodType>(schema: T, meta: KeyMeta) => schema.nullish().meta({ ...meta })

/** A key of Flyte's configuration that an operator may paste and that has no effect here. */
export const keyWithoutEffect = () =>
  z
    .unknown()
    .optional()
    .meta({ description: "Accepted from Flyte's configuration; has no effect here.", deprecated: true })

/** A mapping that knows all its keys. */
export const section = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape)

/** A list. YAML has no undefined: it marks an invalid item that validation removed. */
export const list = <T extends z.ZodType>(item: T) => z.array(item.optional())

/** Text that is not empty. */
export const text = z.string().regex(/\S/, { error: 'must not be empty' })

/** A region of AWS. */
export const region = z.string().regex(/^[a-z]+(-[a-z]+)+-\d{1,2}$/, {
  error: 'must be an AWS region, such as eu-west-1',
})

/** Names or patterns of a rule. */
export const names = z
  .array(text.optional(), {
    error: ({ input }) => (input === undefined ? 'is missing: name at least one, or * for all' : undefined),
  })
  .min(1, { error: 'must name at least one; * matches any text' })

/** A DNS label (RFC 1123), as Kubernetes defines it. */
export const dnsLabel = z.string().regex(/^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
  error:
    'must be a DNS label: at most 63 lower-case letters, digits and -, with a letter or digit at both ends',
})

/** A container image. Kubernetes refuses an empty name and surrounding space, the kubelet any space in it. */
export const image = z.string().regex(/^\S+$/, { error: 'must be an image name without white space' })

/** One of some words, in any case; `unlessNamed` may explain another word. */
export const word = <T extends string>(
  words: readonly T[],
  unlessNamed: (written: string) => string | undefined = () => undefined,
) =>
  z
    .string({ error: (issue) => notOneOf(issue.input, words) })
    .meta({ anyOf: [{ enum: [...words] }, { pattern: anyCase(words) }] })
    .transform((written, context) => {
      const found = words.find((name) => name.toLowerCase() === written.toLowerCase())
      if (found !== undefined) return found
      context.addIssue(unlessNamed(written.toLowerCase()) ?? notOneOf(written, words))
      return z.NEVER
    })

/** JSON Schema's patterns have no flag for it. */
const anyCase = (words: readonly string[]): string => {
  const patterns = words.map((name) =>
    name.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`),
  )
  return `^(?:${patterns.join('|')})$`
}
