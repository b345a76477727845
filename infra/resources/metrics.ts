import type { Stack } from './fragment.ts'

/** A CloudWatch metric, as alarms and dashboards refer to it. */
export interface Metric {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** A metric that the function writes itself in every call (`lib/telemetry/log-line.ts`). */
export const ownMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'flyte-webhook',
  name,
  dimensions: { function: stack.name },
})

/** A metric of Lambda, for all versions of the function. */
export const lambdaMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: stack.name },
})

/** A metric of API Gateway, for the stage. */
export const apiMetric = (name: string, stack: Stack): Metric => ({
  namespace: 'AWS/ApiGateway',
  name,
  dimensions: { ApiName: stack.name, Stage: stack.stage },
})
