import type { Fragment, Stack } from './fragment.ts'
import { apiMetric, lambdaMetric, type Metric, ownMetric } from './metrics.ts'

interface Line {
  readonly metric: Metric
  readonly stat: string
  readonly label?: string
}

const sum = (metric: Metric): Line => ({ metric, stat: 'Sum' })

/** Returns the page for whoever is on call: requests, failures, times, and the age of secrets. */
export const dashboard = (stack: Stack): Fragment => ({
  Resources: {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: stack.name,
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: widgets(stack) }) },
      },
    },
  },
})

const widgets = (stack: Stack) => {
  const own = (name: string): Metric => ownMetric(name, stack)
  const duration = (stat: string): Line => ({
    metric: lambdaMetric('Duration', stack),
    stat,
    label: `function ${stat}`,
  })
  const all = [
    widget('Pods', [sum(own('Admissions')), sum(own('Denials')), sum(own('InjectedSecrets'))]),
    widget('Refused and failed', [
      sum(own('RefusedCallers')),
      sum(apiMetric('4XXError', stack)),
      sum(apiMetric('5XXError', stack)),
      sum(lambdaMetric('Errors', stack)),
      sum(lambdaMetric('Throttles', stack)),
    ]),
    widget('Time for a call (ms)', [
      duration('p50'),
      duration('p99'),
      { metric: apiMetric('Latency', stack), stat: 'p99', label: 'gateway p99' },
    ]),
    widget('Concurrency', [{ metric: lambdaMetric('ConcurrentExecutions', stack), stat: 'Maximum' }]),
    widget('Age of the oldest secret served (s)', [{ metric: own('OldestSecretAge'), stat: 'Maximum' }]),
    widget('Secrets served past their time to live', [sum(own('StaleServed'))]),
  ]
  return all.map((one, index) => ({
    ...one,
    x: (index % 2) * width,
    y: Math.floor(index / 2) * height,
    width,
    height,
  }))
}

/** CloudWatch's grid has 24 columns. */
const width = 12
const height = 6

const widget = (title: string, lines: readonly Line[]) => ({
  type: 'metric',
  properties: {
    title,
    region: '${AWS::Region}',
    period: 60,
    metrics: lines.map(({ metric, stat, label }) => [
      metric.namespace,
      metric.name,
      ...Object.entries(metric.dimensions).flat(),
      { stat, ...(label === undefined ? {} : { label }) },
    ]),
  },
})
