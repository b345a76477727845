import type { V1LabelSelector, V1MatchCondition, V1RuleWithOperations } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import { mirrorAnnotation, partLabel } from '../../lib/pod/pod.ts'

/**
 * Users and groups who can create a pod that asks for secrets without this webhook, by their names in the API server
 * (`userInfo`).
 */
export interface BreakGlass {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** The API server does not send a break-glass user's pod here if it has this annotation, with any value. */
const skipAnnotation = 'flyte-webhook.flyte.org/skip'

/** The creation of pods (specification §10). */
export const podCreation = (): V1RuleWithOperations => ({
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
  scope: 'Namespaced',
})

/** The label that Flyte's engine sets for this webhook (specification §1). */
export const takingPart = (): V1LabelSelector => ({ matchLabels: { [partLabel]: 'true' } })

/** Returns the namespaces of the configuration, but never kube-system: a cluster must start without this webhook. */
export const servedNamespaces = ({ function: { registration } }: Config): V1LabelSelector => {
  const { matchLabels, matchExpressions = [] } = registration.namespaceSelector ?? {}
  return {
    ...(matchLabels === undefined ? {} : { matchLabels: { ...matchLabels } }),
    matchExpressions: [
      ...matchExpressions.map(({ values, ...rest }) => ({
        ...rest,
        ...(values === undefined ? {} : { values: [...values] }),
      })),
      { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] },
    ],
  }
}

/** Returns the CEL expressions that a pod to serve meets, all of them. */
export const matchConditions = (breakGlass: BreakGlass): V1MatchCondition[] => {
  const mirror = { name: 'no-mirror-pod', expression: `!(${hasAnnotation(mirrorAnnotation)})` }
  const chosen = chosenUsers(breakGlass)
  if (chosen === undefined) return [mirror]
  const expression = `!(${hasAnnotation(skipAnnotation)} && (${chosen}))`
  return [mirror, { name: 'no-break-glass', expression }]
}

const hasAnnotation = (name: string): string =>
  `has(object.metadata.annotations) && ${celText(name)} in object.metadata.annotations`

const chosenUsers = ({ users, groups }: BreakGlass): string | undefined => {
  const conditions = [
    ...(users.length > 0 ? [`request.userInfo.username in ${celTexts(users)}`] : []),
    ...(groups.length > 0
      ? [
          `has(request.userInfo.groups) && request.userInfo.groups.exists(group, group in ${celTexts(groups)})`,
        ]
      : []),
  ]
  return conditions.length > 0 ? conditions.join(' || ') : undefined
}

/** CEL knows every escape of JSON's strings. */
const celText = (text: string): string => JSON.stringify(text)

const celTexts = (texts: readonly string[]): string => `[${texts.map(celText).join(', ')}]`
