import { type DescribedManager, described } from '../../../lib/config/described-manager.ts'
import type { AskedField, AskedFields } from '../../../lib/manager-kit/definition.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import type { RequestFields } from '../../preview/readable-request.ts'
import type { State } from './state.ts'

/** A field of a request that managers explain. */
export type FieldName = keyof AskedFields

const fieldNames = ['group', 'key', 'groupVersion'] as const satisfies readonly FieldName[]

/** The fields of a manager that does not explain them. */
const usual: AskedFields = {
  group: { means: 'group', example: 'db-creds' },
  key: { means: 'key', example: 'password' },
}

/** Returns the managers that a configuration names, in its order, with what each needs from a request. */
export const askedManagers = ({ config, definitions }: LoadedConfig): readonly DescribedManager[] =>
  config.webhook.secretManagerTypes
    .filter((name) => !alwaysAsked.includes(name))
    .flatMap((name) => definitions.filter((one) => one.name === name))
    .map((manager) => described(manager, config))

const fieldsOf = ({ asks = usual }: DescribedManager): readonly (readonly [FieldName, AskedField])[] =>
  fieldNames.flatMap((name) => {
    const field = asks[name]
    return field === undefined ? [] : [[name, field] as const]
  })

/** Returns what a field means to each manager: `K8s: name of the Secret`. */
export const hintFor = (name: FieldName, managers: readonly DescribedManager[]): string =>
  managers
    .flatMap((manager) => {
      const means = manager.asks?.[name]?.means
      if (means === undefined) return []
      return managers.length === 1 ? means : `${manager.name}: ${means}`
    })
    .join(', ')

/** Returns the fields to fill in, for the manager that needs the fewest. Empty if the request is complete. */
export const missingIn = (
  request: RequestFields,
  managers: readonly DescribedManager[],
): readonly FieldName[] => {
  const missing = managers.map((manager) =>
    fieldsOf(manager).flatMap(([name, { isOptional }]) => (isOptional || request[name] !== '' ? [] : name)),
  )
  if (managers.length === 0) return request.group === '' && request.key === '' ? ['group', 'key'] : []
  return missing.reduce((fewest, one) => (one.length < fewest.length ? one : fewest))
}

/** Returns the complete requests of a state, each with its row. */
export const filledRequests = (
  requests: readonly RequestFields[],
  managers: readonly DescribedManager[],
): readonly { readonly row: number; readonly request: RequestFields }[] =>
  requests.flatMap((request, row) => (missingIn(request, managers).length === 0 ? [{ row, request }] : []))

/** What a pod asks for, and where it is created. The first manager of a configuration serves it. */
export type ExampleRequest = Pick<State, 'requests' | 'namespace'>

export const exampleRequest = (loaded: LoadedConfig): ExampleRequest => {
  const [manager] = askedManagers(loaded)
  return manager === undefined ? { requests: [], namespace: '' } : exampleFor(manager)
}

/** Returns an example that a manager serves. */
export const exampleFor = (manager: DescribedManager): ExampleRequest => {
  const examples = new Map(fieldsOf(manager).map(([name, { example }]) => [name, example]))
  const mountRequirement = manager.makes === 'files' ? 'FILE' : 'ENV_VAR'
  const request: RequestFields = {
    group: examples.get('group') ?? '',
    groupVersion: examples.get('groupVersion') ?? '',
    key: examples.get('key') ?? '',
    mountRequirement,
    envVar: mountRequirement === 'FILE' ? '' : 'DB_PASSWORD',
  }
  return { requests: [request], namespace: manager.trial?.namespace ?? '' }
}

/** Whether a state asks only for the example of a manager, which another example can replace. */
export const asksForExample = (
  { requests, namespace }: ExampleRequest,
  { config, definitions }: LoadedConfig,
): boolean => {
  const asked = JSON.stringify({ requests, namespace })
  return definitions.some((manager) => JSON.stringify(exampleFor(described(manager, config))) === asked)
}
