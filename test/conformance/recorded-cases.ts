import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../support/pods.ts'

export const caseFolder = join(import.meta.dirname, 'cases')

/** All recorded cases, each with its path below the folder as `id`. */
export const cases: readonly Json[] = ['flyte1', 'flyte2'].flatMap((profile) =>
  readdirSync(join(caseFolder, profile))
    .toSorted()
    .map((file) => ({
      ...JSON.parse(readFileSync(join(caseFolder, profile, file), 'utf8')),
      id: `${profile}/${file}`,
    })),
)
