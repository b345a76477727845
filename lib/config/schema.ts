import type { z } from 'zod'
import type { AnyDescription } from '../manager-kit/definition.ts'
import { functionSection } from './function-section.ts'
import { key, section } from './key.ts'
import { secretsSection } from './secrets-section.ts'
import { webhookSection } from './webhook-section.ts'

/**
 * `webhook.yaml` as the operator writes it, where these managers are known. What one key says about another is not here:
 * `conflicts.ts` has that.
 */
export const createSchema = (managers: readonly AnyDescription[]) =>
  section({
    webhook: key(webhookSection(managers), { description: "Flyte's section webhook." }),
    secrets: key(secretsSection, { description: "Flyte's section secrets: where the manager Global looks." }),
    function: key(functionSection(managers), { description: 'What only this system has.' }),
  })

export type Schema = ReturnType<typeof createSchema>

/** What the file says, each key of it valid: nothing merged, no default filled in. The sections of managers are no part of the type. */
export type WebhookYaml = z.infer<Schema>
