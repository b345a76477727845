import { described } from '../../lib/config/described-manager.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import { configOf } from './webhook.ts'

/** The names of all managers of this project. */
export const managerNames: readonly string[] = builtIn.map(({ name }) => name)

/** Returns whether a manager creates only files, whatever its options. */
export const makesFilesOnly = (name: string): boolean =>
  builtIn.some((manager) => manager.name === name && described(manager, configOf('')).makes === 'files')

/** The managers that create only files. */
export const fileManagers: readonly string[] = managerNames.filter(makesFilesOnly)
