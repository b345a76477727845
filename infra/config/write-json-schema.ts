// npm run schema: writes webhook.schema.json for editors, from the schema that checks the configuration.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '../project-root.ts'
import { createJsonSchema } from './json-schema.ts'

await writeFile(join(projectRoot, 'webhook.schema.json'), `${JSON.stringify(createJsonSchema(), null, 2)}\n`)
