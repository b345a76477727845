import { askersOf, isNonEmpty } from '../errors.ts'
import type { Part } from './change.ts'
import type { DesiredAnnotation } from './desired.ts'
import { add, pointerToken } from './json-patch.ts'
import type { Pod } from './pod.ts'
import { annotationsFit } from './rules.ts'

/** Adds annotations to the pod; its own take precedence. Their total size must stay within `ValidateAnnotationsSize`. */
export const reconcileAnnotations = (
  pod: Pod,
  desired: readonly DesiredAnnotation[],
  hasOtherInitContainers: boolean,
): Part => {
  const missing = desired.filter(
    ({ key, when }) => !Object.hasOwn(pod.annotations, key) && (when === 'always' || hasOtherInitContainers),
  )
  if (!isNonEmpty(missing)) return { operations: [] }
  const after = [
    ...Object.entries(pod.annotations),
    ...missing.map(({ key, value }) => [key, value] as const),
  ]
  if (!annotationsFit(after)) {
    const why = 'with them the pod would exceed the 256 KiB of annotations that Kubernetes allows'
    return {
      operations: [],
      refusals: [{ by: askersOf(missing), what: 'the annotations of its secrets', why }],
    }
  }
  return {
    operations: missing.map(({ key, value }) => add(`/metadata/annotations/${pointerToken(key)}`, value)),
  }
}
