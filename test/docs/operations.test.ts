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

/** A log record with every field. */
const everyField: Required<RequestRecord> = {
  outcome: 'failed',
  status: 500,
  durationMs: 1,
  coldStart: true,
  requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
  lambdaRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
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

/** Returns the paths of all values in Logs Insights' notation, such as `error.cause.name`. */
const pathsIn = (value: Json, path = ''): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.keys(value).flatMap((key) => pathsIn(value[key], path === '' ? key : `${path}.${key}`))
    : [path]

/** Returns the fields of each log group, including those that CloudWatch adds. */
const fieldsOf = (): Readonly<Record<string, readonly string[]>> => {
  const accessLog: Json = stage(stack).Resources?.['ApiGatewayStage']?.Properties['AccessLogSetting']
  return {
    FunctionLogGroup: [...pathsIn(JSON.parse(logLine(everyField, 0))), '@timestamp'],
    AccessLogGroup: [...pathsIn(JSON.parse(accessLog.Format)), '@timestamp'],
  }
}

/** Returns the page's queries: the parts of their first line, and all words except strings and Logs Insights' own. */
const queries = (): readonly {
  readonly group: string
  readonly title: string
  readonly words: readonly string[]
}[] =>
  [...page.matchAll(/```text\n# ([\w, ]+): (.+)\n([^`]+)```/g)].map(
    ([, group = '', title = '', query = '']) => {
      const aliases = [...query.matchAll(/ as (\w+)/g)].map(([, alias]) => alias)
      const words = query.replaceAll(/"[^"]*"|bin\(\w+\)/g, '').match(/@?[A-Za-z][\w.]*/g) ?? []
      return { group, title, words: words.filter((word) => !language.has(word) && !aliases.includes(word)) }
    },
  )

const language = new Set(
  'fields filter stats sort limit by as desc count sum max pct ispresent sortsLast'.split(' '),
)

type Row = Readonly<Record<string, string | number | undefined>>

/** Runs a query with the few commands below, like Logs Insights. Source: CloudWatch Logs Insights language query syntax. */
const insights = (query: string, lines: readonly Row[]): readonly Row[] =>
  query.split('|').reduce<readonly Row[]>((rows, text) => {
    const command = text.trim()
    const present = /^filter ispresent\((\w+)\)$/.exec(command)
    if (present !== null) return rows.filter((row) => row[present[1] ?? ''] !== undefined)
    const equal = /^filter (\w+) = "([^"]+)"$/.exec(command)
    if (equal !== null) return rows.filter((row) => row[equal[1] ?? ''] === equal[2])
    const sort = /^sort (\w+) desc$/.exec(command)
    if (sort !== null)
      return rows.toSorted((one, other) => Number(other[sort[1] ?? '']) - Number(one[sort[1] ?? '']))
    const [, functions = '', by = ''] = /^stats (.+) by (\w+)$/.exec(command) ?? []
    const calls = [...functions.matchAll(/(count|sortsLast)\((\*|\w+)\) as (\w+)/g)]
    if (calls.length === 0) throw new Error(`unknown command: ${command}`)
    return Object.entries(Object.groupBy(rows, (row) => String(row[by]))).map(([key, group = []]) => ({
      [by]: key,
      ...Object.fromEntries(
        calls.map(([, name, field = '', alias]) => [
          alias,
          name === 'count'
            ? group.length
            : group
                .map((row) => String(row[field] ?? ''))
                .toSorted((one, other) => one.localeCompare(other))
                .at(-1),
        ]),
      ),
    }))
  }, lines)

describe('docs/operations.md', () => {
  it('queries only fields that are logged', () => {
    const fields = fieldsOf()
    const unknown = queries().flatMap(({ group, title, words }) => {
      const known = group.split(', ').flatMap((name) => fields[name] ?? [])
      return words.filter((word) => !known.includes(word)).map((word) => `${title}: ${word}`)
    })
    expect(unknown).toEqual([])
    expect(queries().flatMap(({ words }) => words).length).toBeGreaterThan(30)
  })

  it('has each query in the form that this test reads', () => {
    const blocks = page.match(/```text\n/g) ?? []
    // One block is a query for Metrics Insights.
    expect(blocks).toHaveLength(queries().length + 1)
  })

  it('finds the addresses that used a token of a cluster in the lines of both logs', () => {
    const id = (call: number) => `${call}6af9ac6-7b61-11e6-9a41-93e8deadbeef`
    const called = (call: number, cluster: string | undefined, sourceIp: string) => [
      { ...everyField, requestId: id(call), cluster },
      { requestId: id(call), sourceIp },
    ]
    const { cluster: _, requestId: __, ...beforeTheUpgrade } = everyField
    const calls = [
      ...called(1, 'production', '192.0.2.1'),
      ...called(2, 'staging', '192.0.2.2'),
      ...called(3, undefined, '192.0.2.3'),
      ...called(4, 'production', '198.51.100.4'),
      ...called(5, 'production', '192.0.2.1'),
      beforeTheUpgrade,
    ]
    const lines = calls.map((line) =>
      'outcome' in line ? JSON.parse(logLine(line as RequestRecord, 0)) : line,
    )
    const [, query = ''] = /which addresses used the token of a cluster\n([^`]+)```/.exec(page) ?? []
    expect(insights(query, lines)).toEqual([
      { address: '192.0.2.1', calls: 2 },
      { address: '198.51.100.4', calls: 1 },
    ])
  })

  it('names its queries by their titles', () => {
    const alarmsTable = page.split('\n## What to do on an alarm\n')[1]?.split('\n```')[0] ?? ''
    const named = [...alarmsTable.matchAll(/\*([a-z][^*]+)\*/g)].map(([, name = '']) => name)
    const titles = queries().map(({ title }) => title)
    expect(named.filter((name) => !titles.some((title) => title.startsWith(name)))).toEqual([])
    expect(named).not.toEqual([])
  })

  it('requests metrics by their own dimensions', () => {
    const { _aws: metrics } = JSON.parse(logLine(everyField, 0))
    const [{ Namespace, Dimensions, Metrics }] = metrics.CloudWatchMetrics
    const query = /SELECT SUM\((\w+)\) FROM SCHEMA\(([^)]+)\)\nWHERE "function" = '[\w-]+' GROUP BY "(\w+)"/
    const [, metric, schema, grouped] = query.exec(page) ?? []
    expect(Metrics.map(({ Name }: Json) => Name)).toContain(metric)
    expect(schema).toBe([Namespace, ...Dimensions[0]].map((name) => `"${name}"`).join(', '))
    expect(Dimensions[0]).toContain(grouped)
  })

  it('says what to do about every alarm, and how to read every widget', () => {
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
