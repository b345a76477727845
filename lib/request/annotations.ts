import { isNonEmpty, type Refusal } from '../errors.ts'
import { readSecretRequest, type SecretRequest } from './secret-request.ts'

/** The prefix of every annotation that requests a secret; an index follows (specification §1). */
export const requestPrefix = 'flyte.secrets/s'
/** More requests than any task has; each costs a search in every container (specification §3). */
const maxRequests = 256

/** The requests of a pod in the order of serving, and a refusal for each that cannot be read. */
export interface ReadRequests {
  /** The names of all annotations that ask for a secret, in the same order. */
  readonly names: readonly string[]
  readonly requests: readonly SecretRequest[]
  readonly refusals: readonly Refusal[]
}

/** Reads all requests from a pod's annotations. With more than 256, it reads none and returns one refusal. */
export const readSecretRequests = (annotations: Readonly<Record<string, string>>): ReadRequests => {
  const names = Object.keys(annotations)
    .filter((name) => name.startsWith(requestPrefix))
    .map((name) => ({ name, digits: digitsOf(name) }))
    .toSorted(byIndex)
    .map(({ name }) => name)
  if (names.length > maxRequests && isNonEmpty(names)) {
    const why = `the pod asks for ${names.length} secrets, but the limit is ${maxRequests}`
    return {
      names,
      requests: [],
      refusals: [{ by: [names[0]], what: 'all annotations flyte.secrets/s…', why }],
    }
  }
  const requests: SecretRequest[] = []
  const refusals: Refusal[] = []
  for (const name of names) {
    const read = readSecretRequest(name, annotations[name] ?? '')
    if (read.kind === 'request') requests.push(read.request)
    else refusals.push({ by: [name], what: 'the request', why: `${read.why} (at offset ${read.offset})` })
  }
  return { names, requests, refusals }
}

interface Named {
  readonly name: string
  readonly digits: string | undefined
}

/** Numbers come first, by value. Other indices, and numbers of equal value, are sorted by name. */
const byIndex = ({ name: a, digits: left }: Named, { name: b, digits: right }: Named): number => {
  if (left === undefined || right === undefined || left === right) {
    if ((left === undefined) !== (right === undefined)) return left === undefined ? 1 : -1
    return a < b ? -1 : 1
  }
  if (left.length !== right.length) return left.length - right.length
  return left < right ? -1 : 1
}

/** The digits of an index that is a number, without leading zeros: the longer of two such texts is the larger number. */
const digitsOf = (name: string): string | undefined =>
  /^0*(0|[1-9][0-9]*)$/.exec(name.slice(requestPrefix.length))?.[1]
