import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { userCache } from './user-cache.ts'

/** What Python has to install: moto_server, the AWS CLI of version 1, cfn-lint, and Flyte's SDKs of both versions. */
export const requirementsFile = join(projectRoot, 'test/requirements.txt')

const digest = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex').slice(0, 16)

/**
 * The folder of a Python virtual environment with these programs: `MOTO_VENV`, or one in the user's cache, made by
 * `test/moto/install.ts`; its name changes with the requirements.
 */
export const motoEnvironment = process.env['MOTO_VENV'] ?? join(userCache, `venv-${digest}`)

export const isMotoInstalled = existsSync(join(motoEnvironment, 'bin/moto_server'))
