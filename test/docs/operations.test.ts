import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { alarms } from '../../infra/resources/alarms.ts'
import { dashboard } from '../../infra/resources/dashboard.ts'
import type { Stack } from '../../infra/resources/fragment.ts'
import { parseParameters } from '../../infra/resources/parameters.ts'
import { stage } from '../../infra/resources/stage.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import type { RequestRecord } from '../../lib/telemetry/request-record.ts'
import type { Json } from '../support/pods.ts'
import { configOf } from '../support/webhook.ts'
import { fullConfig } from '../stack/variants.ts'

let page: string
let stack: Stack
beforeAll(async () => {
  page = await readFile(join(projectRoot, 'docs/operations.md'), 'utf8')
  const parsed = parseParameters({})
  if (parsed.kind === 'problems') throw new Error(parsed.problems.join())
  stack = {
    parameters: parsed.parameters,
    config: configOf(fullConfig),
    name: 'flyte-webhook-production',
    stage: 'production',
    timeoutSeconds: 8,
  }
})

/** A line of the log with every field there is. */
const everyField: Required<RequestRecord> = {
  outcome: 'failed',
  status: 500,
  durationMs: 1,
  coldStart: true,
  cluster: 'production',
  uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
  namespace: 'flytesnacks-development',
  ownerKind: 'FlyteWorkflow',
  requested: 1,
  injected: 1,
  managers: 'K8s:1',
  operations: 1,
  staleServed: 1,
  oldestSecretAgeMs: 1,
  reason: 'r',
  config: 'abc',
  error: { name: 'E', code: 'C', message: 'm', stack: ['s'], cause: { name: 'E', code: 'C', stack: [] } },
}

/** The paths of all values, as Logs Insights names them: `error.cause.name`. */
const pathsIn = (value: Json, path = ''): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value).flatMap((key) => pathsIn(value[key], path === '' ? key : `${path}.${key}`))
    : [path]

/** The fields of each log group, with those that CloudWatch adds. */
const fieldsOf = (): Readonly<Record<string, readonly string[]>> => {
  const accessLog: Json = stage(stack).Resources?.['ApiGatewayStage']?.Properties['AccessLogSetting']
  return {
    FunctionLogGroup: [...pathsIn(JSON.parse(logLine(everyField, 0))), '@timestamp'],
    AccessLogGroup: [...pathsIn(JSON.parse(accessLog.Format)), '@timestamp'],
  }
}

/** A query of the page: what its first line says, and all words of it that are neither text nor a word of Logs Insights. */
const queries = (): readonly {
  readonly group: string
  readonly title: string
  readonly words: readonly string[]
}[] =>
  [...page.matchAll(/```text\n# (\w+): (.+)\n([^`]+)```/g)].map(([, group = '', title = '', query = '']) => {
    const aliases = [...query.matchAll(/ as (\w+)/g)].map(([, alias]) => alias)
    const words = query.replaceAll(/"[^"]*"|bin\(\w+\)/g, '').match(/@?[A-Za-z][\w.]*/g) ?? []
    return { group, title, words: words.filter((word) => !language.has(word) && !aliases.includes(word)) }
  })

const language = new Set('fields filter stats sort limit by as desc count sum max pct ispresent'.split(' '))

describe('docs/operations.md', () => {
  it('queries only fields that are written', () => {
    const fields = fieldsOf()
    const unknown = queries().flatMap(({ group, title, words }) =>
      words.filter((word) => fields[group]?.includes(word) !== true).map((word) => `${title}: ${word}`),
    )
    expect(unknown).toEqual([])
    expect(queries().flatMap(({ words }) => words).length).toBeGreaterThan(30)
  })

  it('has each query in the form that is looked at', () => {
    const blocks = page.match(/```text\n/g) ?? []
    // One of them is of Metrics Insights.
    expect(blocks).toHaveLength(queries().length + 1)
  })

  it('names its queries by their titles', () => {
    const alarmsTable = page.split('\n## What to do on an alarm\n')[1]?.split('\n```')[0] ?? ''
    const named = [...alarmsTable.matchAll(/\*([a-z][^*]+)\*/g)].map(([, name = '']) => name)
    const titles = queries().map(({ title }) => title)
    expect(named.filter((name) => !titles.some((title) => title.startsWith(name)))).toEqual([])
    expect(named).not.toEqual([])
  })

  it('asks for metrics by dimensions that they have', () => {
    const { _aws: metrics } = JSON.parse(logLine(everyField, 0))
    const [{ Namespace, Dimensions, Metrics }] = metrics.CloudWatchMetrics
    const query = /SELECT SUM\((\w+)\) FROM SCHEMA\(([^)]+)\)\nWHERE "function" = '[\w-]+' GROUP BY "(\w+)"/
    const [, metric, schema, grouped] = query.exec(page) ?? []
    expect(Metrics.map(({ Name }: Json) => Name)).toContain(metric)
    expect(schema).toBe([Namespace, ...Dimensions[0]].map((name) => `"${name}"`).join(', '))
    expect(Dimensions[0]).toContain(grouped)
  })

  it('says what to do on every alarm, and how to read every widget', () => {
    const body: Json = dashboard(stack).Resources?.['Dashboard']?.Properties['DashboardBody']
    const titles = JSON.parse(body['Fn::Sub']).widgets.map(({ properties }: Json) => properties.title)
    const names = Object.keys(alarms(stack).Resources ?? {}).map((id) => `\`${id.replace(/Alarm$/, '')}\``)
    const firstCells = (heading: string) =>
      (page.split(`\n${heading}\n`)[1] ?? '')
        .split('\n#')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(1)
        .map((line) => line.split(' | ')[0]?.slice(2))
    expect(firstCells('### Dashboard')).toEqual(titles)
    expect(firstCells('## What to do on an alarm')?.toSorted()).toEqual(names.toSorted())
  })
})
