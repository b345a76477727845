import { folded } from '../folded-name.ts'
import { SecretValue } from '../secret-value.ts'
import { absent, type SecretStore } from './secret-store.ts'

/**
 * Global secrets in the function's own environment: `<prefix><GROUP>_<KEY>` in upper case (specification §4.1). The
 * variables are copied at the start: `process.env` looks names up as C does, where a NUL or `=` ends them.
 */
export const createEnvironmentStore = (
  prefix: string,
  environment: Readonly<Record<string, string | undefined>>,
): SecretStore => {
  const values = new Map(Object.entries(environment).filter(([name]) => name.startsWith(prefix)))
  return {
    get(group, key) {
      const name = folded(`${group}_${key}`)
      const text = values.get(`${prefix}${name}`)
      return text === undefined
        ? absent
        : { kind: 'value', value: new SecretValue(text), groups: groupsIn(name) }
    },
  }
}

/** `DB_ADMIN_PASSWORD` is the key `ADMIN_PASSWORD` of the group `DB` as well as `PASSWORD` of `DB_ADMIN`. */
const groupsIn = (name: string): readonly string[] =>
  [...name.matchAll(/(?<=.)_(?=.)/gs)].map(({ index }) => name.slice(0, index))
