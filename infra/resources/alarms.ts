import { builtIn } from '../../lib/managers/built-in.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import type { Fragment, Resource, Stack } from './fragment.ts'
import { apiMetric, lambdaMetric, type Metric, ownMetric } from './metrics.ts'

/** A condition that somebody should look at. `docs/deploy.md` has a line for each. */
interface Alarm {
  readonly description: string
  readonly metric: Metric
  readonly statistic: { readonly Statistic: string } | { readonly ExtendedStatistic: string }
  /** In the metric's own unit, over five minutes. */
  readonly threshold: number
}

const periodSeconds = 300

/** Returns the alarms. They notify the operator's topic, if set, when they begin and when they end. */
export const alarms = (stack: Stack): Fragment => ({
  Resources: Object.fromEntries(
    Object.entries(alarmsOf(stack)).map(([id, alarm]) => [`${id}Alarm`, resource(id, alarm, stack)]),
  ),
})

const sum = { Statistic: 'Sum' } as const

const alarmsOf = (stack: Stack): Readonly<Record<string, Alarm>> => ({
  Errors: {
    description: 'The function crashed or ran out of time',
    metric: lambdaMetric('Errors', stack),
    statistic: sum,
    threshold: 1,
  },
  ServerErrors: {
    description: 'Calls were answered with a 5xx status: pods were not created',
    metric: apiMetric('5XXError', stack),
    statistic: sum,
    threshold: 1,
  },
  ClientErrors: {
    description:
      'Many calls were refused with a 4xx status, most of them before the function: by the resource policy, a web ACL or the throttle',
    metric: apiMetric('4XXError', stack),
    statistic: sum,
    threshold: 25,
  },
  Throttles: {
    description: 'Lambda throttled a call: check the concurrency of the function and of the account',
    metric: lambdaMetric('Throttles', stack),
    statistic: sum,
    threshold: 1,
  },
  Latency: {
    description: `The slowest 1% of calls took more than half of the function's time-out of ${stack.timeoutSeconds} seconds`,
    metric: lambdaMetric('Duration', stack),
    statistic: { ExtendedStatistic: 'p99' },
    threshold: (stack.timeoutSeconds * 1000) / 2,
  },
  Denials: {
    description:
      'Many pods were denied: the log says which secrets they asked for, and why they did not get them',
    metric: ownMetric('Denials', stack),
    statistic: sum,
    threshold: 10,
  },
  RefusedCallers: {
    description:
      'Somebody called with an invalid path or token: a cluster whose token was removed, or a stranger',
    metric: ownMetric('RefusedCallers', stack),
    statistic: sum,
    threshold: 1,
  },
  ...(needsSecretsManager(stack.config, builtIn) ? { SecretAge: secretAge(stack) } : {}),
})

/** A value outlives its time to live only while Secrets Manager fails. At the alarm, it can be served for at least as long again. */
const secretAge = (stack: Stack): Alarm => {
  const { ttlMs, maxStaleMs } = stack.config.function.globalSecrets
  return {
    description: 'Secrets Manager does not answer: the function serves values past their time to live',
    metric: ownMetric('OldestSecretAge', stack),
    statistic: { Statistic: 'Maximum' },
    threshold: (ttlMs + Math.min(ttlMs, maxStaleMs / 2)) / 1000,
  }
}

const resource = (
  id: string,
  { description, metric, statistic, threshold }: Alarm,
  { name, parameters: { alarmTopicArn } }: Stack,
): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `${name}-${id}`,
    AlarmDescription: description,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...statistic,
    Period: periodSeconds,
    EvaluationPeriods: 1,
    Threshold: threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...(alarmTopicArn === undefined ? {} : { AlarmActions: [alarmTopicArn], OKActions: [alarmTopicArn] }),
  },
})
