import type { AnyDescription } from '../manager-kit/definition.ts'
import { findImpossibleRules } from './allow-rules.ts'
import type { ConfigFinding } from './problem.ts'
import { findResourceConflicts } from './resource-conflicts.ts'
import type { WebhookYaml } from './schema.ts'

/** What cannot be, though every key is right by itself. */
export const findConflicts = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] => [
  ...findResourceConflicts(input, managers),
  ...findTwoSelectors(input),
  ...findImpossibleRules(input, managers),
]

const findTwoSelectors = (input: WebhookYaml): readonly ConfigFinding[] =>
  input.webhook?.namespaceSelector && input.function?.registration?.namespaceSelector
    ? [
        {
          path: ['webhook', 'namespaceSelector'],
          message: 'says the same as function.registration.namespaceSelector: leave one out',
        },
      ]
    : []
