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
      const text = values.get(`${prefix}${`${group}_${key}`.toUpperCase()}`)
      return text === undefined ? absent : { kind: 'value', value: new SecretValue(text) }
    },
  }
}
