import type { AnyDefinition } from './any-definition.ts'
import { aws } from './aws.ts'
import { azure } from './azure.ts'
import { csi } from './csi.ts'
import { embedded } from './embedded.ts'
import { gcp } from './gcp.ts'
import { global } from './global.ts'
import { k8s } from './k8s.ts'
import { vault } from './vault.ts'

/** The secret managers of this project by the names of their modules, in the order of the documentation. */
export const builtInModules = { global, k8s, aws, gcp, azure, vault, csi, embedded } as const

/** The secret managers of this project. */
export const builtIn: readonly AnyDefinition[] = Object.values(builtInModules)

/** The names of the managers that are asked first, even if no configuration names them. */
export const alwaysAsked: readonly string[] = builtIn
  .filter(({ isAlwaysAsked }) => isAlwaysAsked)
  .map(({ name }) => name)
