import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this project's code, absolute, wherever a command was started from: a clone, or the installed package. What
 * belongs to an operator (webhook.yaml, serverless.yml, certificates) is in the folder in which the command runs.
 */
export const projectRoot: string = fileURLToPath(new URL('..', import.meta.url))

/** How the names of this project's modules end: `.ts` in a clone, `.js` in the package. A bundle is made of either. */
export const codeExtension: string = extname(import.meta.filename)
