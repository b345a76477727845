import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { identifyCaller } from '../lib/caller/caller.ts'
import { bundledConfig } from '../lib/config/bundled.ts'
import { createHandler } from '../lib/gateway/handler.ts'
import { createLog } from '../lib/telemetry/log.ts'
import { createWebhook } from '../lib/webhook.ts'

const webhook = createWebhook(bundledConfig, {
  identifyCaller,
  environment: process.env,
  fileSystem: { exists: existsSync, readFile },
  log: createLog((line) => process.stdout.write(line)),
})

/** The Lambda handler of `POST /{cluster}/{token}/mutate--v1-pod`. */
export const handler = createHandler(webhook)
