import { WebhookError } from '../errors.ts'
import { folded } from '../folded-name.ts'
import { SecretValue } from '../secret-value.ts'
import type { SecretCache } from './cache.ts'
import type { Content } from './secret-source.ts'
import { absent, type SecretStore, type StoreAnswer } from './secret-store.ts'
import { secretNameOf } from '../secret-name.ts'

/** One entry of `function.globalSecrets.secretsManager`. */
export interface GlobalSecret {
  /** A name or an ARN. */
  readonly secretId: string
  /** The group that pods ask for; by default the secret's name. */
  readonly group?: string
  /** The key of a secret that does not hold a JSON object. */
  readonly key?: string
}

/** How long the start waits (specification §4.1). */
const firstFetchMs = 3_000

/**
 * Global secrets that the configuration lists (specification §4.1). It compares groups and keys in upper case, like the function's
 * environment: the pod's variable is in upper case and could not tell them apart. If keys differ only in case, the one
 * with the spelling of the request wins, or else the first.
 */
export const createGlobalSecretStore = (
  entries: readonly GlobalSecret[],
  cache: SecretCache,
): SecretStore => {
  const byGroup = Map.groupBy(entries, ({ secretId, group }) => folded(group ?? secretNameOf(secretId)))
  // The texts stay in the cache's own objects, and each object is parsed once.
  const read = new WeakMap<Content, Reading>()
  const readingOf = (content: Content): Reading => {
    const reading = read.get(content) ?? readingFrom(content)
    read.set(content, reading)
    return reading
  }

  const ask = async (entry: GlobalSecret, key: string, signal: AbortSignal): Promise<StoreAnswer> => {
    const answer = await cache.get(entry.secretId, signal)
    return answer.kind === 'value' ? select(readingOf(answer.content), entry, key) : answer
  }

  return {
    async get(group, key, signal) {
      for (const entry of byGroup.get(folded(group)) ?? []) {
        const answer = await ask(entry, key, signal)
        if (answer.kind !== 'absent') return answer
      }
      return absent
    },
  }
}

/** Fetches all entries into a cache at the start of the function. The first call fetches what does not arrive in time. */
export const prefetchGlobalSecrets = async (
  entries: readonly GlobalSecret[],
  cache: SecretCache,
  signal: AbortSignal,
): Promise<void> => {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(firstFetchMs)])
  await Promise.all(entries.map(({ secretId }) => cache.get(secretId, inTime)))
}

/** The content of a secret as a global secret. */
type Reading =
  | { readonly kind: 'object'; readonly values: ReadonlyMap<string, SecretValue> }
  | { readonly kind: 'text'; readonly text: SecretValue }
  | { readonly kind: 'binary' }

const readingFrom = (content: Content): Reading => {
  const text = content.kind === 'text' ? content.text : content.bytes.text()
  if (text === undefined) return { kind: 'binary' }
  const object = objectIn(text.reveal())
  if (object === undefined) return { kind: 'text', text }
  const values = Object.entries(object).map(([key, value]) => [key, new SecretValue(textOf(value))] as const)
  return { kind: 'object', values: new Map(values) }
}

declare global {
  interface JSON {
    /** ECMAScript 2026, "JSON.parse source text access"; TypeScript's library of 2024 lacks it. */
    rawJSON(text: string): object
  }
}

/** Numbers keep their text: long ones would be rounded. */
const asWritten = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined ? JSON.rawJSON(context.source) : value

const objectIn = (text: string): object | undefined => {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    const value: unknown = JSON.parse(text, asWritten)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const select = (reading: Reading, entry: GlobalSecret, key: string): StoreAnswer => {
  switch (reading.kind) {
    case 'object': {
      const value = reading.values.get(key) ?? ignoringCase(reading.values, key)
      return value === undefined ? absent : { kind: 'value', value }
    }
    case 'text':
      return asOneValue(reading.text, entry, key)
    case 'binary':
      return refused(entry, 'is not UTF-8, so it cannot be the value of a variable')
  }
}

const ignoringCase = (values: ReadonlyMap<string, SecretValue>, key: string): SecretValue | undefined => {
  const wanted = folded(key)
  return [...values].find(([name]) => folded(name) === wanted)?.[1]
}

const asOneValue = (value: SecretValue, entry: GlobalSecret, key: string): StoreAnswer => {
  if (entry.key === undefined)
    return refused(entry, 'is not a JSON object: give it a key in function.globalSecrets.secretsManager')
  return folded(entry.key) === folded(key) ? { kind: 'value', value } : absent
}

const refused = ({ secretId }: GlobalSecret, why: string): StoreAnswer => ({
  kind: 'failed',
  error: new WebhookError('store-refused', `the secret ${JSON.stringify(secretId)} ${why}`),
})
