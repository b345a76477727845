import { folded } from '../folded-name.ts'
import type { PodFacts } from '../manager-kit/manager.ts'
import { matches } from '../name-pattern.ts'

/** Patterns of names, of which `*` stands for any text; a list that is missing stands for all. */
export interface Whose {
  readonly namespaces?: readonly string[]
  readonly clusters?: readonly string[]
  readonly users?: readonly string[]
}

export type GroupRule = Whose & { readonly groups: readonly string[] }
export type ClaimRule = Whose & {
  readonly organizations: readonly string[]
  readonly projects: readonly string[]
  readonly domains: readonly string[]
}

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

/**
 * Whether the rules let a pod claim its organization, project and domain: its author writes those labels, and each becomes part
 * of a secret's name (specification §4.7).
 */
export const mayClaim = (rules: readonly ClaimRule[], pod: PodFacts): boolean =>
  rules.some(
    (rule) =>
      matchesAny(rule.organizations, pod.labels['organization'] ?? '') &&
      matchesAny(rule.projects, pod.labels['project'] ?? '') &&
      matchesAny(rule.domains, pod.labels['domain'] ?? '') &&
      isWhose(rule, pod),
  )

const isWhose = ({ namespaces, clusters, users }: Whose, pod: PodFacts): boolean =>
  (namespaces === undefined || matchesAny(namespaces, pod.namespace)) &&
  (clusters === undefined || (pod.cluster !== undefined && matchesAny(clusters, pod.cluster))) &&
  (users === undefined || matchesAny(users, pod.user))

const matchesAny = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => matches(pattern, text))
