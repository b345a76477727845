import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { stringify } from 'yaml'

/** Returns the lines of a unified diff of two pods as YAML, with the order of keys kept. Equal pods give no lines. */
export const podDiff = (before: unknown, after: unknown): readonly string[] => {
  const [old, made] = [podYaml(before), podYaml(after)]
  if (old === made) return []
  const text = createTwoFilesPatch('before', 'after', old, made, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
  return text.trimEnd().split('\n')
}

/** Formats a pod as YAML, with the order of keys kept. */
export const podYaml = (pod: unknown): string =>
  stringify(pod, { lineWidth: 0, aliasDuplicateObjects: false })
