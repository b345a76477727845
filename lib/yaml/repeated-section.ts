import { isObject } from '../json.ts'
import { canonicalJson } from './plain-data.ts'
import type { Path } from './path.ts'

/**
 * Merges a section that occurs twice, as Flyte does with several files (viper's `MergeConfig`): mappings key by key, and for
 * anything else the later value, if it has one. The path of a value that this overrides goes to `lost`.
 */
export const mergeLater = (earlier: unknown, later: unknown, lost: (path: Path) => void): unknown => {
  if (later === null) return earlier
  if (isObject(earlier) && isObject(later)) {
    const merged = Object.entries(later).map(([key, value]) => [
      key,
      Object.hasOwn(earlier, key) ? mergeLater(earlier[key], value, (path) => lost([key, ...path])) : value,
    ])
    return { ...earlier, ...Object.fromEntries(merged) }
  }
  if (earlier !== null && canonicalJson(earlier) !== canonicalJson(later)) lost([])
  return later
}
