import type { Stack } from './fragment.ts'

/** A metric of CloudWatch, as alarms and dashboards name it. */
export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** Every call writes these itself (`lib/telemetry/log-line.ts`), for its own function. */
export const ownMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'flyte-webhook',
  name,
  dimensions: { function: stack.name },
})

/** Lambda's, of the function with all its versions. */
export const lambdaMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: stack.name },
})

/** API Gateway's, of the stage. */
export const apiMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiName: stack.name, Stage: stack.stage },
})
