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
  { groupsWithUnderscore }: { readonly groupsWithUnderscore: boolean } = { groupsWithUnderscore: true },
): SecretStore => {
  const values = new Map(Object.entries(environment).filter(([name]) => name.startsWith(prefix)))
  return {
    get(group, key) {
      // `DB_ADMIN_PASSWORD` has two readings: where groups are guarded only the one without `_` in the group counts.
      if (!groupsWithUnderscore && group.includes('_')) return absent
      const text = values.get(`${prefix}${folded(`${group}_${key}`)}`)
      return text === undefined ? absent : { kind: 'value', value: new SecretValue(text) }
    },
  }
}
