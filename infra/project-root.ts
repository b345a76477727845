import { fileURLToPath } from 'node:url'

/** The project's own folder, absolute, wherever a command was started from. */
export const projectRoot: string = fileURLToPath(new URL('..', import.meta.url))
