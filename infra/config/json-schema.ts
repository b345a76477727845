import { z } from 'zod'
import { webhookYaml } from '../../lib/webhook-yaml.ts'

/** Returns the JSON Schema of `webhook.yaml` as written, for editors: draft 7, which every YAML language server supports. */
export const createJsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...schema } = z.toJSONSchema(webhookYaml, {
    io: 'input',
    target: 'draft-07',
    override: ({ zodSchema, jsonSchema }) => {
      keepDefault(zodSchema, jsonSchema)
      mergeNull(jsonSchema)
    },
  })
  return { $schema, title: "webhook.yaml: the configuration of Flyte's webhook as a function", ...schema }
}

/** zod omits the default of a value that it transforms. These defaults are as you would write them. */
const keepDefault = (zodSchema: z.core.$ZodType, jsonSchema: z.core.JSONSchema.BaseSchema): void => {
  const meta = z.globalRegistry.get(zodSchema)
  if (meta && 'default' in meta) Object.assign(jsonSchema, { default: meta['default'] })
}

/** Editors show and complete `{type: [x, null]}` better than a choice between x and null. */
const mergeNull = (jsonSchema: z.core.JSONSchema.BaseSchema): void => {
  const [value, none, ...more] = jsonSchema.anyOf ?? []
  if (none?.type !== 'null' || more.length > 0 || typeof value?.type !== 'string') return
  delete jsonSchema.anyOf
  Object.assign(jsonSchema, value, { type: [value.type, 'null'] })
  if (value.enum) jsonSchema.enum = [...value.enum, null]
  if ('const' in value) {
    delete jsonSchema.const
    jsonSchema.enum = [value.const, null]
  }
}
