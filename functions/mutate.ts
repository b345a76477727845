import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createCallerCheck } from '../lib/caller/caller.ts'
import { tokenDigestsVariable, withTokenDigests } from '../lib/caller/token-digests.ts'
import { bundledConfig, bundledVersion } from '../lib/config/bundled.ts'
import { createHandler } from '../lib/gateway/handler.ts'
import { loadSecretSource } from '../lib/secret-managers.ts'
import { logLine } from '../lib/telemetry/log-line.ts'
import { createWebhook } from '../lib/webhook.ts'

const { tokenSha256, anonymous } = bundledConfig.function.callers

const start = async () => {
  const { answer, prefetch } = createWebhook(bundledConfig, {
    identifyCaller: createCallerCheck({
      tokenSha256: withTokenDigests(tokenSha256, process.env[tokenDigestsVariable] ?? ''),
      anonymous: anonymous !== undefined,
    }),
    environment: process.env,
    fileSystem: { exists: existsSync, readFile },
    createSecretSource: await loadSecretSource(bundledConfig),
    record: (record) => process.stdout.write(logLine(record, Date.now())),
    clock: () => performance.now(),
    version: bundledVersion,
  })
  await prefetch(new AbortController().signal)
  return createHandler(answer)
}

/** Settles when the function can answer at once; the ESM entry of the bundle waits for it in Lambda's init phase. */
export const ready = start()

/** The Lambda handler of `POST /{cluster}/{token}/mutate--v1-pod` and `GET /{cluster}/{token}/healthz`. */
export const handler = async (...[event, context]: Parameters<Awaited<typeof ready>>) =>
  (await ready)(event, context)
