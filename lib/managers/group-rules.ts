import { folded } from '../folded-name.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import { matchesAny } from '../name-pattern.ts'
import { isWhose, type Whose } from './allow.ts'

export type GroupRule = Whose & { readonly groups: readonly string[] }

/** What the rules say of a group: who asks may have it, may not, or it is no group of theirs (specification §4.1). */
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
