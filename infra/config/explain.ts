import { closestName } from '../../lib/config/wording.ts'
import { isObject, type JsonObject } from '../../lib/json.ts'
import { wrongUsage } from '../failure.ts'
import { createJsonSchema } from './json-schema.ts'

/** A key of `webhook.yaml`, explained. */
export interface ExplainedKey {
  /** As requested; empty for the whole file. */
  readonly key: string
  readonly type: string
  readonly default?: unknown
  readonly description: string
  /** The keys below it. */
  readonly keys: readonly ChildKey[]
}

interface ChildKey {
  readonly name: string
  readonly type: string
  readonly description: string
}

/** Explains a dotted key from the JSON Schema. Lists are transparent; `<name>` stands for a name that the operator chooses. */
export const explainKey = (key: string): ExplainedKey => {
  const steps = key === '' ? [] : key.split('.')
  const schema = steps.reduce<JsonObject>(
    (node, step, index) => stepInto(node, step, steps.slice(0, index).join('.')),
    createJsonSchema(),
  )
  return {
    key,
    type: typeOf(schema),
    ...('default' in schema ? { default: schema['default'] } : {}),
    description: textIn(schema, 'description') || textIn(schema, 'title'),
    keys: Object.entries(childrenOf(schema)).map(([name, child]) => ({
      name,
      type: typeOf(child),
      description: textIn(child, 'description'),
    })),
  }
}

const stepInto = (schema: JsonObject, step: string, parent: string): JsonObject => {
  const children = childrenOf(schema)
  const child = Object.hasOwn(children, step) ? children[step] : children[anyName]
  if (child !== undefined) return child
  const [where, names] = [parent === '' ? 'webhook.yaml' : parent, Object.keys(children)]
  const closest = closestName(step, names)
  const next =
    names.length === 0
      ? 'it has no keys below it'
      : closest === undefined
        ? `it has ${names.join(', ')}`
        : `did you mean ${closest}?`
  throw wrongUsage(`${where} has no key ${JSON.stringify(step)}: ${next}`)
}

const anyName = '<name>'

/** Returns the keys of a mapping, or of each mapping in a list. */
const childrenOf = (schema: JsonObject): Readonly<Record<string, JsonObject>> => {
  const node = withoutNull(schema)
  if (isObject(node['items'])) return childrenOf(node['items'])
  const named = isObject(node['properties']) ? node['properties'] : {}
  const any = node['additionalProperties']
  return Object.fromEntries(
    Object.entries({ ...named, ...(isObject(any) ? { [anyName]: any } : {}) }).flatMap(([name, child]) =>
      isObject(child) ? [[name, child] as const] : [],
    ),
  )
}

/** Reads `{anyOf: [x, {type: null}]}` as x: every key can be empty. */
const withoutNull = (schema: JsonObject): JsonObject => {
  const choices = choicesOf(schema).filter(({ type }) => type !== 'null')
  return choices.length === 1 ? { ...schema, ...choices[0] } : schema
}

const choicesOf = ({ anyOf }: JsonObject): readonly JsonObject[] =>
  Array.isArray(anyOf) ? anyOf.filter(isObject) : []

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  object: 'mapping',
}

const isTypeName = (type: unknown): type is string => typeof type === 'string' && type !== 'null'

/** Returns the type in the operator's words: `text`, `Never | IfNeeded`, `list of mapping`. */
const typeOf = (schema: JsonObject): string => {
  const node = withoutNull(schema)
  const words =
    node['enum'] ??
    choicesOf(node)
      .map((choice) => choice['enum'])
      .find(Array.isArray)
  if (Array.isArray(words)) return [...new Set(words.filter((word) => word !== null).map(String))].join(' | ')
  if ('const' in node) return String(node['const'])
  if (isObject(node['items'])) return `list of ${typeOf(node['items'])}`
  const types = [node['type']].flat().filter(isTypeName)
  if (types.length > 0) return types.map((type) => typeWords[type] ?? type).join(' or ')
  return choicesOf(node).map(typeOf).join(' or ') || 'anything'
}

const textIn = (schema: JsonObject, key: string): string => {
  const value = schema[key]
  return typeof value === 'string' ? value : ''
}
