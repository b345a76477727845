import { isObject } from '../../lib/json.ts'

/** The entry of `managedFields` for the client that created a pod, as an API server writes it (`FieldsV1`). */
export const managedFieldsEntry = ({
  metadata,
  spec,
}: {
  readonly metadata: object
  readonly spec: object
}) => ({
  manager: 'flytepropeller',
  operation: 'Update',
  apiVersion: 'v1',
  time: '2026-11-23T02:28:15Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:metadata': fieldsOf(metadata), 'f:spec': fieldsOf(spec) },
})

/** The fields that an object sets. Each lists itself and its content, except `containers`, which every pod has. */
export const fieldsOf = (object: object): object =>
  Object.fromEntries(
    Object.entries(object).map(([name, set]) => {
      const inner = Array.isArray(set) ? entriesOf(set) : isObject(set) ? fieldsOf(set) : {}
      return [`f:${name}`, name === 'containers' ? inner : withItself(inner)]
    }),
  )

const withItself = (inner: object): object => (Object.keys(inner).length === 0 ? {} : { '.': {}, ...inner })

/** The keys that identify the entries of a list in the API server's schema of pods (`listMapKeys` of `core/v1`). */
const keys = ['mountPath', 'name'] as const

const entriesOf = (list: readonly unknown[]): object =>
  Object.fromEntries(
    list.filter(isObject).flatMap((entry) => {
      const key = keys.find((name) => name in entry)
      return key === undefined
        ? []
        : [[`k:${JSON.stringify({ [key]: entry[key] })}`, withItself(fieldsOf(entry))] as const]
    }),
  )
