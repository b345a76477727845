import type { AnyDefinition } from './any-definition.ts'
import { builtIn } from './built-in.ts'

/** The managers that a function can make. A bundle has a module in this place that imports those of its configuration only. */
export const configured: readonly AnyDefinition[] = builtIn
