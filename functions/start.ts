import { configured } from '../lib/managers/configured.ts'
import { existsSync, promises, writeFileSync } from 'node:fs'
import type { AwsValues } from '../lib/aws-values.ts'
import { createCallerCheck } from '../lib/caller/caller.ts'
import { tokenDigestsVariable, withTokenDigests } from '../lib/caller/token-digests.ts'
import { bundledConfig, bundledVersion } from '../lib/config/bundled.ts'
import { createHandler } from '../lib/gateway/handler.ts'
import { logLine } from '../lib/telemetry/log-line.ts'
import { warmUp } from '../lib/warm-up.ts'
import { createWebhook } from '../lib/webhook.ts'

const { tokenSha256, anonymous } = bundledConfig.function.callers

/** Milliseconds. `performance` would be slower: Node loads its module on first use, which takes longer than a call. */
const clock = (): number => Number(process.hrtime.bigint()) / 1e6

/**
 * Writes a line of the log. Node's stream takes a millisecond to open, and more than the write itself for each line. It takes over
 * when a pipe is full and refuses a line (EAGAIN).
 */
let write = (line: string): void => {
  try {
    writeFileSync(1, line)
  } catch {
    write = (later) => process.stdout.write(later)
    write(line)
  }
}

/** Creates the Lambda handler of `POST /{cluster}/{token}/mutate--v1-pod` and `GET /{cluster}/{token}/healthz`. */
export const start = (awsValues?: AwsValues) => {
  const { answer, prefetch } = createWebhook(bundledConfig, configured, {
    identifyCaller: createCallerCheck(
      {
        tokenSha256: withTokenDigests(tokenSha256, process.env[tokenDigestsVariable] ?? ''),
        anonymous: anonymous !== undefined,
      },
      clock,
    ),
    environment: process.env,
    // Node loads `fs.promises` on first access. Most functions never read a file.
    fileSystem: { exists: existsSync, readFile: (path, options) => promises.readFile(path, options) },
    ...(awsValues === undefined ? {} : { awsValues }),
    record: (record) => write(logLine(record, Date.now(), process.env['AWS_LAMBDA_FUNCTION_NAME'])),
    clock,
    version: bundledVersion,
  })
  void warmUp(bundledConfig)
  return { handler: createHandler(answer), prefetch }
}
