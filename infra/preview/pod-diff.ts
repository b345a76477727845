import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { stringify } from 'yaml'

/** The lines of a unified diff of two pods as YAML, their keys in the order they have; none where they are the same. */
export const podDiff = (before: unknown, after: unknown): readonly string[] => {
  const [old, made] = [podYaml(before), podYaml(after)]
  if (old === made) return []
  const text = createTwoFilesPatch('before', 'after', old, made, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
  return text.trimEnd().split('\n')
}

/** A pod as YAML, its keys in the order they have. */
export const podYaml = (pod: unknown): string =>
  stringify(pod, { lineWidth: 0, aliasDuplicateObjects: false })
