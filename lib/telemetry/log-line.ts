import type { CallOutcome, RequestRecord } from './request-record.ts'

/** The CloudWatch namespace of this project's metrics. */
const metricsNamespace = 'flyte-webhook'
const maxReasonCharacters = 4096

/** The format of each field. Nothing else is written. */
const uuid = /^[0-9a-fA-F-]{36}$/
const namespace = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const kind = /^[A-Z][A-Za-z0-9]{0,62}$/
/** A UUID from a REST API, base64 from an HTTP API. The caller of a REST API can choose it. */
const gatewayId = /^(?:[0-9a-fA-F-]{36}|[\w+/-]{15}=)$/

const levels = {
  patched: 'INFO',
  unchanged: 'INFO',
  health: 'INFO',
  denied: 'WARN',
  unserved: 'WARN',
  'refused-caller': 'WARN',
  'bad-request': 'WARN',
  unavailable: 'ERROR',
  failed: 'ERROR',
} as const satisfies Record<CallOutcome, string>

/** The metrics of a call and their units. */
const units = {
  Admissions: 'Count',
  Denials: 'Count',
  InjectedSecrets: 'Count',
  RefusedCallers: 'Count',
  StaleServed: 'Count',
  Duration: 'Milliseconds',
  /** Only for calls that were served from a store's cache. */
  OldestSecretAge: 'Seconds',
} as const

const metrics = Object.entries(units).map(([Name, Unit]) => ({ Name, Unit }))
const metricsWithoutAge = metrics.filter(({ Name }) => Name !== 'OldestSecretAge')

/**
 * One line of JSON for a call: a structured log entry that is also a document of CloudWatch's embedded
 * metric format, so metrics cost no call. Each metric exists by function, cluster and outcome, and once by function
 * alone, for alarms. Source: CloudWatch User Guide, "Specification: Embedded metric format".
 */
export const logLine = (record: RequestRecord, nowMs: number, functionName = 'local'): string =>
  `${JSON.stringify({
    ...(record.outcome === 'health' ? {} : { _aws: metricsOf(record, nowMs) }),
    level: levels[record.outcome],
    message: 'request',
    timestamp: new Date(nowMs).toISOString(),
    function: functionName,
    ...allowed(record),
    ...(record.outcome === 'health' ? {} : valuesOf(record)),
  })}\n`

const metricsOf = ({ cluster, oldestSecretAgeMs }: RequestRecord, nowMs: number) => ({
  Timestamp: nowMs,
  CloudWatchMetrics: [
    {
      Namespace: metricsNamespace,
      Dimensions: [...(cluster === undefined ? [] : [['function', 'cluster', 'outcome']]), ['function']],
      Metrics: oldestSecretAgeMs === undefined ? metricsWithoutAge : metrics,
    },
  ],
})

const valuesOf = ({
  outcome,
  injected = 0,
  staleServed = 0,
  oldestSecretAgeMs,
  durationMs,
}: RequestRecord): Partial<Record<keyof typeof units, number>> => ({
  Admissions: outcome === 'patched' || outcome === 'unchanged' || outcome === 'unserved' ? 1 : 0,
  Denials: outcome === 'denied' ? 1 : 0,
  InjectedSecrets: injected,
  RefusedCallers: outcome === 'refused-caller' ? 1 : 0,
  StaleServed: staleServed,
  Duration: durationMs,
  ...(oldestSecretAgeMs === undefined ? {} : { OldestSecretAge: oldestSecretAgeMs / 1000 }),
})

/** The loggable fields, each in its only permitted form. */
const allowed = (record: RequestRecord) => ({
  outcome: record.outcome,
  status: record.status,
  coldStart: record.coldStart,
  requestId: matching(gatewayId, record.requestId),
  lambdaRequestId: matching(uuid, record.lambdaRequestId),
  cluster: record.cluster,
  uid: matching(uuid, record.uid),
  namespace: matching(namespace, record.namespace),
  ownerKind: matching(kind, record.ownerKind),
  requested: record.requested,
  managers: record.managers,
  operations: record.operations,
  reason: record.reason?.slice(0, maxReasonCharacters),
  config: record.config,
  error: record.error,
})

const matching = (pattern: RegExp, text: string | undefined): string | undefined =>
  text !== undefined && pattern.test(text) ? text : undefined
