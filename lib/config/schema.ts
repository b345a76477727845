import type { z } from 'zod'
import { functionSection } from './function-section.ts'
import { key, section } from './key.ts'
import { secretsSection } from './secrets-section.ts'
import { webhookSection } from './webhook-section.ts'

/** `webhook.yaml` as the operator writes it. What one key says about another is not here: `rules.ts` has that. */
export const webhookYaml = section({
  webhook: key(webhookSection, { description: "Flyte's section webhook." }),
  secrets: key(secretsSection, { description: "Flyte's section secrets: where the manager Global looks." }),
  function: key(functionSection, { description: 'What only this system has.' }),
})

/** What the file says, each key of it valid: nothing merged, no default filled in. */
export type WebhookYaml = z.infer<typeof webhookYaml>
