import type { OutsideManagerDefinition } from '../../managers/guarded.ts'

/** The managers from outside that the page runs. The build has a module in this place that imports those of a configuration. */
export const builtManagers: readonly OutsideManagerDefinition[] = []

/** The text of the configuration that the page was built for, which it begins with. */
export const builtConfig: string | undefined = undefined
