import type { V1LabelSelector, V1Namespace } from '@kubernetes/client-node'

type Requirement = NonNullable<V1LabelSelector['matchExpressions']>[number]
type Labels = Readonly<Record<string, string>>

/** Returns whether a LabelSelector matches these labels, by the API server's rules. An empty selector matches everything. */
export const selects = (
  { matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {},
  labels: Labels = {},
): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
  matchExpressions.every((requirement) => isMet(requirement, labels))

/** Returns the namespaces that all of these selectors match. */
export const commonNamespaces = (
  namespaces: readonly V1Namespace[],
  selectors: readonly (V1LabelSelector | undefined)[],
): readonly V1Namespace[] =>
  namespaces.filter(({ metadata }) => selectors.every((selector) => selects(selector, metadata?.labels)))

const isMet = ({ key, operator, values = [] }: Requirement, labels: Labels): boolean => {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      // Also matches objects without the label.
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      // The API server accepts no other operator.
      return false
  }
}
