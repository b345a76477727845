import { createConfigParser } from './config/parse.ts'
import { createSchema } from './config/schema.ts'
import { builtIn } from './managers/built-in.ts'

/** The schema of `webhook.yaml`, in which the managers of this project are known. */
export const webhookYaml = createSchema(builtIn)

/** Reads the text of a `webhook.yaml`, in which the managers of this project are known. */
export const parseConfig = createConfigParser(builtIn)
