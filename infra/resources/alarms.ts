import { builtIn } from '../../lib/managers/built-in.ts'
import { needsSecretsManager } from '../../lib/secret-managers.ts'
import type { Fragment, Resource, Stack } from './fragment.ts'
import { apiMetric, lambdaMetric, type Metric, ownMetric } from './metrics.ts'

/** When somebody should look; of `docs/deploy.md` each has a line that says at what. */
interface Alarm {
  readonly description: string
  readonly metric: Metric
  readonly statistic: { readonly Statistic: string } | { readonly ExtendedStatistic: string }
  /** In the metric's own unit, reached within five minutes. */
  readonly threshold: number
}

const periodSeconds = 300

/** Alarms that tell the operator's topic, if there is one, when they begin and when they are over. */
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
    description: 'Calls were answered with a status of 500 or above: pods were not created',
    metric: apiMetric('5XXError', stack),
    statistic: sum,
    threshold: 1,
  },
  ClientErrors: {
    description:
      'Many calls were refused with a status of 400 to 499, most of them before the function: by the resource policy, a web ACL or the throttle',
    metric: apiMetric('4XXError', stack),
    statistic: sum,
    threshold: 25,
  },
  Throttles: {
    description: 'Lambda had no room for a call: look at the concurrency of the function and of the account',
    metric: lambdaMetric('Throttles', stack),
    statistic: sum,
    threshold: 1,
  },
  Latency: {
    description: `The slowest hundredth of all calls took more than half of the ${stack.timeoutSeconds} seconds that the function has`,
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
    description: 'Somebody called with a wrong path or token: a cluster whose token is gone, or a stranger',
    metric: ownMetric('RefusedCallers', stack),
    statistic: sum,
    threshold: 1,
  },
  ...(needsSecretsManager(stack.config, builtIn) ? { SecretAge: secretAge(stack) } : {}),
})

/** A value is older than its time to live only while Secrets Manager fails; half of the time that it still serves is left. */
const secretAge = (stack: Stack): Alarm => {
  const { ttlMs, maxStaleMs } = stack.config.function.globalSecrets
  return {
    description: 'Secrets Manager does not answer: values are served that are past their time to live',
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
