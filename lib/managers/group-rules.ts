import { folded } from '../folded-name.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import { matchesAny } from '../name-pattern.ts'
import { isWhose, type Whose } from './allow.ts'

export type GroupRule = Whose & { readonly groups: readonly string[] }

/** The decision of the rules about a group: the pod may have it, may not, or no rule names the group (specification §4.1). */
export const groupRuling = (
  rules: readonly GroupRule[],
  group: string,
  pod: PodFacts,
): 'given' | 'kept' | 'unnamed' => {
  const name = folded(group)
  const naming = rules.filter(({ groups }) => matchesAny(groups.map(folded), name))
  if (naming.length === 0) return 'unnamed'
  return naming.some((rule) => isWhose(rule, pod)) ? 'given' : 'kept'
}

/**
 * Whether a value that may belong to several groups (`others`) counts as absent for a pod. Only a group without `_` gets such
 * a value, and only if the rules deny none of the groups to the pod. Groups that no rule names do not count (specification §4.1).
 */
export const isGuarded = (
  others: readonly string[] | undefined,
  rules: readonly GroupRule[],
  { group, pod }: { readonly group: string; readonly pod: PodFacts },
): boolean =>
  others !== undefined &&
  (group.includes('_') || others.some((other) => groupRuling(rules, other, pod) === 'kept'))
