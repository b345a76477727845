import { folded } from '../folded-name.ts'
import { SecretValue } from '../secret-value.ts'
import { absent, type SecretStore, type StoreAnswer } from './secret-store.ts'

/**
 * Global secrets in the function's own environment: `<prefix><GROUP>_<KEY>` in upper case (specification §4.1). The
 * variables are copied at the start: `process.env` looks names up as C does, and ends them at a NUL or `=`.
 */
export const createEnvironmentStore = (
  prefix: string,
  environment: Readonly<Record<string, string | undefined>>,
): SecretStore => {
  const answers = new Map<string, StoreAnswer>()
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || text === undefined) continue
    const name = variable.slice(prefix.length)
    answers.set(name, { kind: 'value', value: new SecretValue(text), groups: groupsIn(name) })
  }
  return { get: (group, key) => answers.get(folded(`${group}_${key}`)) ?? absent }
}

/** `DB_ADMIN_PASSWORD` can be the key `ADMIN_PASSWORD` of the group `DB`, or `PASSWORD` of `DB_ADMIN`. */
const groupsIn = (name: string): readonly string[] =>
  [...name.matchAll(/(?<=.)_(?=.)/gs)].map(({ index }) => name.slice(0, index))
