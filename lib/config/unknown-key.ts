import { z } from 'zod'
import { closestName, listNames } from './closest-name.ts'
import { formatPath, type Path } from './problem.ts'
import { type Schema, schemaAt, shapeOf } from './schema-walk.ts'
import { webhookYaml } from './schema.ts'

/** What is wrong with a key that the schema does not know, and which one was probably meant. */
export const describeUnknownKey = (parent: Path, key: string): string => {
  const siblings = Object.entries(shapeOf(schemaAt(webhookYaml, parent)))
  const closest = closestName(
    key,
    siblings.map(([name]) => name),
  )
  if (closest !== undefined) return `is no key here; did you mean ${closest}?`
  const elsewhere = pathsTo(webhookYaml, key, []).map(formatPath)
  if (elsewhere.length > 0) return `is no key here; did you mean ${listNames(elsewhere)}?`
  const withEffect = siblings.filter(([, child]) => !z.globalRegistry.get(child)?.deprecated)
  return `is no key here; the keys are ${withEffect.map(([name]) => name).join(', ')}`
}

/** Where else in the file a key of this very name would be right. */
const pathsTo = (schema: Schema, key: string, path: Path): readonly Path[] =>
  Object.entries(shapeOf(schema)).flatMap(([name, child]) => [
    ...(name === key ? [[...path, name]] : []),
    ...pathsTo(child, key, [...path, name]),
  ])
