import { isObject } from '../json.ts'
import { canonicalJson } from './plain-data.ts'
import type { Path } from './path.ts'

/**
 * Puts a section that stands twice together, as Flyte does with several files (viper's `MergeConfig`): mappings key by key, and of
 * anything else the later one, if it says something. Where that takes another value away, its path goes to `lost`.
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
