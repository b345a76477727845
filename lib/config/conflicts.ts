import { findImpossibleRules } from './allow-rules.ts'
import type { Finding } from './problem.ts'
import { findResourceConflicts } from './resource-conflicts.ts'
import type { WebhookYaml } from './schema.ts'

/** What cannot be, though every key is right by itself. */
export const findConflicts = (input: WebhookYaml): readonly Finding[] => [
  ...findResourceConflicts(input),
  ...findTwoSelectors(input),
  ...findImpossibleRules(input),
]

const findTwoSelectors = (input: WebhookYaml): readonly Finding[] =>
  input.webhook?.namespaceSelector && input.function?.registration?.namespaceSelector
    ? [
        {
          path: ['webhook', 'namespaceSelector'],
          message: 'says the same as function.registration.namespaceSelector: leave one out',
        },
      ]
    : []
