import { loadAwsValues } from '../lib/aws-values.ts'
import { bundledConfig } from '../lib/config/bundled.ts'
import { start } from './start.ts'

const started = loadAwsValues(bundledConfig).then(async (awsValues) => {
  const { handler, prefetch } = start(awsValues)
  await prefetch(new AbortController().signal)
  return handler
})

/** Settles when the function can answer without delay. The bundle's ESM entry awaits it in Lambda's init phase. */
export const ready: Promise<unknown> = started

/** The Lambda handler of a configuration that reads values from AWS Secrets Manager. */
export const handler = async (...[event, context]: Parameters<Awaited<typeof started>>) =>
  (await started)(event, context)
