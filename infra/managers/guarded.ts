import type { Origin } from '../../lib/manager-kit/definition.ts'
import { type GuardedDefinition, outside, type OutsideDefinition } from '../../lib/managers/outside.ts'
import { sayingsOf } from './sayings.ts'

/** A manager that a configuration adds. A fault in it is an error with its name. */
export type OutsideManagerDefinition = GuardedDefinition & { readonly origin: Origin }

export const guarded = (definition: OutsideDefinition, origin: Origin): OutsideManagerDefinition => ({
  ...outside(definition),
  ...sayingsOf(definition),
  origin,
})
