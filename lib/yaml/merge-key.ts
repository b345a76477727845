import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml'
import type { ResolveAlias } from './alias.ts'

/** The key that merges other mappings into its own. */
export const mergeKey = '<<'

/** More mappings than any file merges; they can refer to each other endlessly. */
const maxMerged = 50

const notMappings = 'must be an alias of a mapping, or a list of such aliases'
const twice = 'duplicate key: merge a list of aliases instead'
const tooMany = `merges more than ${maxMerged} mappings`

/** In quotes it is an ordinary key, as in go-yaml's `isMerge`. */
const isMerge = ({ key }: Pair): boolean =>
  isScalar(key) && key.value === mergeKey && key.type === Scalar.PLAIN

/**
 * The pairs of a mapping: its own, then those of each mapping that it merges. A key in an earlier layer wins (YAML 1.1's merge
 * key, https://yaml.org/type/merge.html). Reports what cannot be merged to `flaw`, with the node of its key.
 */
export const layersOf = (
  mapping: YAMLMap,
  resolve: ResolveAlias,
  flaw: (key: unknown, message: string) => void,
): readonly (readonly Pair[])[] => {
  const merged = new Set<YAMLMap>()
  const add = (node: YAMLMap): readonly (readonly Pair[])[] => {
    if (merged.has(node)) return []
    merged.add(node)
    const [merge, second] = node.items.filter(isMerge)
    if (second !== undefined) flaw(second.key, twice)
    return [node.items.filter((pair) => !isMerge(pair)), ...(merge ? below(merge) : [])]
  }
  const below = ({ key, value }: Pair): readonly (readonly Pair[])[] => {
    const targets = (isSeq(value) ? value.items : [value]).map((item) =>
      isAlias(item) ? resolve(item) : item,
    )
    const mappings = targets.filter(isMap)
    if (mappings.length < targets.length) flaw(key, notMappings)
    if (merged.size <= maxMerged) return mappings.flatMap(add)
    flaw(key, tooMany)
    return []
  }
  return add(mapping)
}
