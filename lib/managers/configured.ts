import type { AnyDefinition } from './any-definition.ts'
import { builtIn } from './built-in.ts'

/** The managers that a function can make. A bundle replaces this module by one that imports only those of its configuration. */
export const configured: readonly AnyDefinition[] = builtIn
