import type { V1LabelSelector } from '@kubernetes/client-node'

type Requirement = NonNullable<V1LabelSelector['matchExpressions']>[number]
type Labels = Readonly<Record<string, string>>

/** Whether a LabelSelector chooses what has these labels, as the API server decides it; an empty one chooses all. */
export const selects = (
  { matchLabels = {}, matchExpressions = [] }: V1LabelSelector = {},
  labels: Labels = {},
): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
  matchExpressions.every((requirement) => isMet(requirement, labels))

const isMet = ({ key, operator, values = [] }: Requirement, labels: Labels): boolean => {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      // What does not have the label is chosen too.
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    default:
      // The API server takes no other operator.
      return false
  }
}
