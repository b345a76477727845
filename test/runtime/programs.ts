import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { userCache } from '../support/user-cache.ts'

/** The folder that pins AWS's emulator (as a Go tool) and AWS's Node client. */
export const pinsFolder = join(import.meta.dirname, 'interface')

const pins = ['go.mod', 'go.sum', 'package.json', 'package-lock.json']
const digest = createHash('sha256')
for (const name of pins) digest.update(readFileSync(join(pinsFolder, name)))

/** The folder in the user's cache that `install.ts` fills. Its name changes with the pins. */
export const programsFolder = join(userCache, `lambda-runtime-${digest.digest('hex').slice(0, 16)}`)

/** AWS's Lambda Runtime Interface Emulator: Lambda's own code around the runtime, behind an HTTP server. */
export const emulator = join(programsFolder, 'aws-lambda-rie')

/** AWS's Lambda Runtime Interface Client for Node.js, which loads the handler and polls the emulator for calls. */
export const client = join(programsFolder, 'node_modules/aws-lambda-ric/index.mjs')

export const areProgramsInstalled = existsSync(programsFolder)
