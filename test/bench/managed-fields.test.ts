import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../../infra/project-root.ts'
import { managedFieldsEntry } from './managed-fields.ts'

/** An object with its keys sorted. */
const sorted = (value: object): unknown =>
  JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )

it('writes the fields of a pod as an API server does', () => {
  const { request } = JSON.parse(readFileSync(join(projectRoot, 'examples/plain.json'), 'utf8'))
  const { metadata, spec } = request.object
  const [{ fieldsV1 }] = metadata.managedFields
  const [container] = spec.containers
  const { 'f:annotations': annotations, 'f:labels': labels } = fieldsV1['f:metadata']
  const own = fieldsV1['f:spec']['f:containers'][`k:{"name":"${container.name}"}`]
  const made = managedFieldsEntry({
    metadata: { annotations: metadata.annotations, labels: metadata.labels },
    spec: {
      containers: [Object.fromEntries(Object.entries(container).filter(([name]) => `f:${name}` in own))],
    },
  })
  expect(sorted(made.fieldsV1)).toEqual(
    sorted({
      'f:metadata': { 'f:annotations': annotations, 'f:labels': labels },
      'f:spec': { 'f:containers': { [`k:{"name":"${container.name}"}`]: own } },
    }),
  )
})
