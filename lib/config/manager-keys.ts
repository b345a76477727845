import { z } from 'zod'
import { unreachable } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { AnyDescription } from '../manager-kit/definition.ts'
import type { Key, Keys } from '../manager-kit/keys.ts'
import { dnsLabel, image, key, keyWithoutEffect, list, names, region, section, text, word } from './key.ts'
import { present, valueAt } from '../yaml/plain-data.ts'
import type { Path } from '../yaml/path.ts'
import { asWrittenResources, resolveResources, resources } from './resources.ts'
import { isAnnotationKey } from '../kubernetes-names.ts'

/** Keys of a manager, and the path of their mapping. */
interface Place {
  readonly path: Path
  readonly keys: Keys
}

/** Where a manager has its keys. */
export const placesOf = ({ name, section: flytes, keys, own }: AnyDescription): readonly Place[] => [
  { path: flytes === undefined ? ['function', 'managers', name] : ['webhook', flytes], keys },
  ...(own === undefined ? [] : [{ path: ['function', own.section], keys: own.keys }]),
]

const from = {
  kind: 'text',
  default: '',
  help: 'The source of the manager: a file next to the configuration, or a package.',
} as const satisfies Key

/** The keys of a manager in `function.managers.<name>`: the groups, and its own keys if Flyte has no section for it. */
export const entryKeysOf = ({ section: flytes, keys, origin }: AnyDescription) =>
  ({
    ...(origin === undefined ? {} : { from }),
    groups: {
      kind: 'patterns',
      help: 'Groups that the manager serves, by name or pattern. Default: all.',
    },
    ...(flytes === undefined ? keys : {}),
  }) as const satisfies Keys

/** The schema of a mapping with these keys. */
export const shapeOfKeys = (keys: Keys): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(keys).map(([name, one]) => [name, schemaOf(one)]))

const schemaOf = (one: Key): z.ZodType => {
  switch (one.kind) {
    case 'text':
      return key(text, metaOf(one))
    case 'optionalText':
      return key(text, metaOf(one))
    case 'image':
    case 'optionalImage':
      return key(image, metaOf(one))
    case 'dnsLabel':
      return key(dnsLabel, metaOf(one))
    case 'region':
      return key(region, metaOf(one))
    case 'oneOf':
      return key(oneOf(one), metaOf(one))
    case 'resources':
      return resources(one.default)
    case 'annotations':
      return key(annotations(one.refused), { ...metaOf(one), default: {} })
    case 'secretRef':
      return key(secretRef, metaOf(one))
    case 'patterns':
      return one.isNeeded ? names.describe(one.help) : key(names, metaOf(one))
    case 'section':
      return key(section(shapeOfKeys(one.keys)), metaOf(one))
    case 'list':
      return key(list(section(shapeOfKeys(one.keys))), metaOf(one))
    case 'falseOnly':
      return key(z.literal(false, { error: one.refusal }), { ...metaOf(one), default: false })
    case 'unused':
      return keyWithoutEffect()
    case 'unusedText':
      return key(z.string(), metaOf(one))
    default:
      return unreachable(one)
  }
}

const metaOf = (one: Exclude<Key, { kind: 'resources' | 'unused' }>) => ({
  description: one.help,
  ...('default' in one ? { default: one.default } : {}),
  ...(one.deprecated ? { deprecated: true } : {}),
})

const oneOf = ({ of, ignoresCase, instead }: Extract<Key, { kind: 'oneOf' }>): z.ZodType => {
  if (ignoresCase) return word(of, (written) => instead?.[written])
  const numbers = of.filter((each) => /^\d+$/.test(each)).map(Number)
  if (numbers.length === 0) return z.enum([...of])
  const error = `must be ${of.map((each) => JSON.stringify(each)).join(' or ')}`
  return z.literal([...of, ...numbers], { error }).transform(String)
}

const secretRef = section({
  name: text.describe("Name of a Secret in the pod's namespace."),
  key: text.describe('A key of that Secret.'),
})

/** The options that a file gives for some keys, with every default. Keys without a value are left out. `written` is valid. */
export const resolveKeys = (keys: Keys, written: unknown): JsonObject =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([name, one]) => {
      const value = resolveKey(one, valueAt(written, [name]) ?? undefined)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const resolveKey = (one: Key, written: unknown): unknown => {
  switch (one.kind) {
    case 'resources':
      return resolveResources(asWrittenResources(written), one.default)
    case 'annotations':
      return written ?? {}
    case 'section':
      return Object.values(one.keys).every(isUnused) ? undefined : resolveKeys(one.keys, written)
    case 'list':
      return Array.isArray(written) ? present(written).map((item) => resolveKeys(one.keys, item)) : undefined
    case 'patterns':
      return Array.isArray(written) ? present(written) : undefined
    case 'falseOnly':
    case 'unused':
    case 'unusedText':
      return undefined
    default:
      return written ?? ('default' in one ? one.default : undefined)
  }
}

/** Keys of Flyte that no manager here receives as an option. */
const isUnused = ({ kind }: Key): boolean => ['falseOnly', 'unused', 'unusedText'].includes(kind)

/** Every key of some managers with its path, including nested keys. */
export const everyKey = (
  managers: readonly AnyDescription[],
): readonly { readonly path: Path; readonly key: Key }[] =>
  managers.flatMap(placesOf).flatMap(({ path, keys }) => keysBelow(path, keys))

const keysBelow = (path: Path, keys: Keys): readonly { readonly path: Path; readonly key: Key }[] =>
  Object.entries(keys).flatMap(([name, one]) => {
    const at = [...path, name]
    return [{ path: at, key: one }, ...(one.kind === 'section' ? keysBelow(at, one.keys) : [])]
  })

/** Kubernetes' `ValidateAnnotationsSize`. */
const maxAnnotationBytes = 256 * 1024

/** An editor does not have to ask for quotes: a number or boolean is read as its text. */
const annotationValue = z.string().meta({ type: ['string', 'number', 'boolean'] })

type Annotations = Readonly<Record<string, string>>

/** Annotations of a pod; `refused` names the forbidden ones, each with the reason. */
const annotations = (
  refused: (all: Annotations) => readonly (readonly [annotation: string, why: string])[] = () => [],
) =>
  z
    .record(
      z.string().refine(isAnnotationKey, {
        error:
          'is not a valid annotation key: use [domain/]name, the name at most 63 letters, digits, - _ and .',
      }),
      annotationValue,
    )
    .refine((all) => Buffer.byteLength(Object.entries(all).flat().join('')) <= maxAnnotationBytes, {
      error: 'must be at most 256 KiB, the limit for the annotations of a pod',
    })
    .superRefine((all, context) => {
      for (const [annotation, message] of refused(all))
        context.addIssue({ code: 'custom', path: [annotation], message })
    })
