import { z } from 'zod'
import { closestName } from './wording.ts'
import { formatPath, type Path } from '../yaml/path.ts'
import { type Schema, schemaAt, shapeOf } from './schema-walk.ts'

/**
 * Settings of the Deployment below `webhook` in the values of Flyte's chart `flyte-core` (`charts/flyte-core/values.yaml`). The chart
 * puts Flyte's own section in the same place, but these keys do not belong to it.
 */
export const deploymentSettings = [
  'affinity',
  'annotations',
  'autoscaling',
  'enabled',
  'image',
  'nodeSelector',
  'podAnnotations',
  'podEnv',
  'podLabels',
  'priorityClassName',
  'prometheus',
  'replicaCount',
  'resources',
  'securityContext',
  'service',
  'serviceAccount',
  'strategy',
  'tolerations',
  'topologySpreadConstraints',
]

/** The problem of a key that the schema does not know, with the key that was probably meant. */
export const describeUnknownKey = (schema: Schema, parent: Path, key: string): string => {
  if (formatPath(parent) === 'webhook' && deploymentSettings.includes(key))
    return "is a setting of the Deployment in Flyte's Helm chart: remove it, because a function has no Deployment"
  const siblings = Object.entries(shapeOf(schemaAt(schema, parent)))
  const meant =
    closestName(
      key,
      siblings.map(([name]) => name),
    ) ?? placeOf(schema, key)
  if (meant !== undefined) return `unknown key; did you mean ${meant}?`
  const withEffect = siblings.filter(([, child]) => !z.globalRegistry.get(child)?.deprecated)
  return `unknown key; the keys are ${withEffect.map(([name]) => name).join(', ')}`
}

/**
 * The only other place in the file where a key of this name would be valid. A name of one word (`annotations`, `enabled`) means
 * something different in each place, so it counts only as the key of a section.
 */
const placeOf = (schema: Schema, key: string): string | undefined => {
  const [place, ...others] = pathsTo(schema, key, [])
  if (place === undefined || others.length > 0) return undefined
  return place.length <= 2 || /[A-Z-]/.test(String(place.at(-1))) ? formatPath(place) : undefined
}

const pathsTo = (schema: Schema, key: string, path: Path): readonly Path[] =>
  Object.entries(shapeOf(schema)).flatMap(([name, child]) => [
    ...(name.toLowerCase() === key.toLowerCase() ? [[...path, name]] : []),
    ...pathsTo(child, key, [...path, name]),
  ])
