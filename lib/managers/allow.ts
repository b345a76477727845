import type { PodFacts } from '../manager-kit/manager.ts'
import { matchesAny } from '../name-pattern.ts'

/** Patterns of names, in which `*` stands for any text. A missing list matches everything. */
export interface Whose {
  readonly namespaces?: readonly string[]
  readonly clusters?: readonly string[]
  readonly users?: readonly string[]
}

export type ClaimRule = Whose & {
  readonly organizations: readonly string[]
  readonly projects: readonly string[]
  readonly domains: readonly string[]
}

/**
 * Whether the rules let a pod claim its organization, project and domain. Its author writes those labels, and each becomes part
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

/** Whether the rule matches the pod. */
export const isWhose = ({ namespaces, clusters, users }: Whose, pod: PodFacts): boolean =>
  (namespaces === undefined || matchesAny(namespaces, pod.namespace)) &&
  (clusters === undefined || (pod.cluster !== undefined && matchesAny(clusters, pod.cluster))) &&
  (users === undefined || matchesAny(users, pod.user))
