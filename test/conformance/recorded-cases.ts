import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../support/pods.ts'
import { readCase, readScripts } from './own/scripts.ts'

export const caseFolder = join(import.meta.dirname, 'cases')
export const ownFolder = join(import.meta.dirname, 'own')

const casesIn = (folder: string, parse: (text: string) => Json, before = ''): readonly Json[] =>
  ['flyte1', 'flyte2'].flatMap((profile) =>
    readdirSync(join(folder, profile))
      .toSorted()
      .map((file) => ({
        ...parse(readFileSync(join(folder, profile, file), 'utf8')),
        id: `${before}${profile}/${file}`,
      })),
  )

/** All recorded cases; `id` is the path below the folder. */
export const cases = casesIn(caseFolder, (text) => JSON.parse(text))

const scripts = readScripts(readFileSync(join(ownFolder, 'scripts.json'), 'utf8'))

/** The cases for features that Flyte does not have; `id` starts with `own/`. */
export const ownCases = casesIn(ownFolder, (text) => readCase(text, scripts), 'own/')
