import type { z } from 'zod'
import type { AnyDescription } from '../manager-kit/definition.ts'
import { functionSection } from './function-section.ts'
import { key, section } from './key.ts'
import { secretsSection } from './secrets-section.ts'
import { webhookSection } from './webhook-section.ts'

/**
 * `webhook.yaml` as the operator writes it, with these managers. Rules between keys are not part of the schema:
 * they are in `conflicts.ts`.
 */
export const createSchema = (managers: readonly AnyDescription[]) =>
  section({
    webhook: key(webhookSection(managers), { description: "Flyte's section webhook." }),
    secrets: key(secretsSection, { description: "Flyte's section secrets: where the manager Global looks." }),
    function: key(functionSection(managers), { description: 'Settings that only this webhook has.' }),
  })

export type Schema = ReturnType<typeof createSchema>

/** The content of the file, with valid keys only: nothing merged, no default. The type leaves out the sections of managers. */
export type WebhookYaml = z.infer<Schema>
