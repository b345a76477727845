import { createFlyteLoader } from './config/flyte-loader.ts'
import { createConfigParser, type ParseConfig } from './config/parse.ts'
import { createSchema } from './config/schema.ts'
import type { AnyDescription } from './manager-kit/definition.ts'
import { builtIn } from './managers/built-in.ts'
import { readDocument, type YamlDocument } from './yaml/document.ts'

/** The schema of `webhook.yaml` with the managers of this project. */
export const webhookYaml = createSchema(builtIn)

/** Reads the text of a `webhook.yaml` with the managers of this project. */
export const parseConfig = createConfigParser(builtIn)

/** The same, with additional managers from outside. */
export const parserWith = (managers: readonly AnyDescription[]): ParseConfig =>
  managers.length === 0 ? parseConfig : createConfigParser([...builtIn, ...managers])

const loader = createFlyteLoader(webhookYaml)

/** The text of a `webhook.yaml` as plain data, before any check. */
export const readWebhookYaml = (text: string): YamlDocument => readDocument(text, loader)
