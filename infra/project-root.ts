import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The absolute path of this project's code, wherever a command is started: a clone, or the installed package. The operator's
 * files (webhook.yaml, serverless.yml, certificates) are in the folder in which the command runs.
 */
export const projectRoot: string = fileURLToPath(new URL('..', import.meta.url))

/** The extension of this project's modules: `.ts` in a clone, `.js` in the package. A bundle can be built from either. */
export const codeExtension: string = extname(import.meta.filename)
