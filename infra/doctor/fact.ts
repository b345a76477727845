import { CommandFailure } from '../failure.ts'
import { ApiFailure } from '../kubernetes/cluster.ts'
import { redactPaths } from '../start/output.ts'

/** A known value, or why it is unknown. `why` is a part of a sentence and contains no token. */
export type Fact<T> = { readonly kind: 'known'; readonly value: T } | Unknown

export interface Unknown {
  readonly kind: 'unknown'
  readonly why: string
}

export const known = <T>(value: T): Fact<T> => ({ kind: 'known', value })

export const unknown = (why: string): Unknown => ({ kind: 'unknown', why })

/** Wraps an API server's answer. A refusal or a failed request is unknown. */
export const learn = async <T>(work: Promise<T>): Promise<Fact<T>> => {
  try {
    return known(await work)
  } catch (error) {
    if (error instanceof CommandFailure) return unknown(whyUnknown(error))
    throw error
  }
}

/** Draws a conclusion from a fact, if it is known. */
export const infer = <T, R>(fact: Fact<T>, conclude: (value: T) => Fact<R>): Fact<R> =>
  fact.kind === 'known' ? conclude(fact.value) : fact

/** An authorizer's message: `cannot list resource "deployments" in API group "apps" at the cluster scope`. */
const missingPermission =
  /cannot (?<verb>\w+) resource "(?<resource>[^"]+)"(?: in API group "(?<group>[^"]*)")?/

const whyUnknown = (error: CommandFailure): string => {
  const { verb, resource, group } = missingPermission.exec(error.message)?.groups ?? {}
  if (error instanceof ApiFailure && error.code === 403 && verb !== undefined) {
    return `this user cannot ${verb} ${resource}${group ? `.${group}` : ''}: allow it with an RBAC role`
  }
  return redactPaths(error.message)
}
