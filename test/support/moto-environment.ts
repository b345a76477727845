import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../infra/project-root.ts'
import { userCache } from './user-cache.ts'

/** The Python requirements: moto_server, version 1 of the AWS CLI, cfn-lint, and the SDKs of Flyte 1 and 2. */
export const requirementsFile = join(projectRoot, 'test/requirements.txt')

const digest = createHash('sha256').update(readFileSync(requirementsFile)).digest('hex').slice(0, 16)

/**
 * The Python virtual environment with these programs: `MOTO_VENV`, or the one that `test/moto/install.ts` creates in the user's
 * cache. Its name changes with the requirements.
 */
export const motoEnvironment = process.env['MOTO_VENV'] ?? join(userCache, `venv-${digest}`)

export const isMotoInstalled = existsSync(join(motoEnvironment, 'bin/moto_server'))
