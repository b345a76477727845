import { builtIn } from '../../../lib/managers/built-in.ts'
import { type AwsValues, createAwsValues } from '../../../lib/aws-values.ts'
import type { Config } from '../../../lib/config/config.ts'
import { needsSecretsManager, type SecretSources } from '../../../lib/secret-managers.ts'
import { SecretValue } from '../../../lib/secret-value.ts'
import type { Fetched, SecretSource } from '../../../lib/stores/secret-source.ts'
import type { State } from './state.ts'

/** The value of every secret in the playground. */
const invented = 'invented'

/** Returns where the managers find secrets in a browser: those that the page lists, all with one invented value. */
export const inventedSources = (
  config: Config,
  { globalSecrets, storedSecrets }: Pick<State, 'globalSecrets' | 'storedSecrets'>,
): SecretSources => ({
  environment: environmentOf(globalSecrets, config.secrets['env-prefix']),
  fileSystem: { exists: () => false, readFile: () => Promise.reject(new Error('a browser has no files')) },
  ...(needsSecretsManager(config, builtIn) ? { awsValues: storedValues(config, storedSecrets) } : {}),
})

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The key follows the last slash, as in a request's readable form. */
const environmentOf = (text: string, prefix: string): SecretSources['environment'] =>
  Object.fromEntries(
    linesOf(text).map((line) => {
      const slash = line.lastIndexOf('/')
      const name = `${line.slice(0, Math.max(slash, 0))}_${line.slice(slash + 1)}`
      return [`${prefix}${name.toUpperCase()}`, invented]
    }),
  )

const storedValues = (config: Config, text: string): AwsValues => {
  const keysByName = Map.groupBy(
    linesOf(text).map((line) => line.split('#', 2)),
    ([name = '']) => name,
  )
  const source: SecretSource = {
    fetch: (name) => Promise.resolve(fetched(keysByName.get(name)?.map(([, key]) => key))),
  }
  return createAwsValues(config, () => source)
}

/** Returns a JSON object if keys of the secret are listed, and text if not. */
const fetched = (listed: readonly (string | undefined)[] | undefined): Fetched => {
  if (listed === undefined) return { kind: 'absent' }
  const keys = listed.filter((key) => key !== undefined)
  const text =
    keys.length === 0 ? invented : JSON.stringify(Object.fromEntries(keys.map((key) => [key, invented])))
  return { kind: 'value', content: { kind: 'text', text: new SecretValue(text) } }
}
