import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { alarms } from '../../infra/resources/alarms.ts'
import { parameterNames, parseParameters } from '../../infra/resources/parameters.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { configOf } from '../support/webhook.ts'
import { fullConfig } from './variants.ts'

let guide: string
beforeAll(async () => {
  guide = await readFile(join(projectRoot, 'docs/deploy.md'), 'utf8')
})

/** Returns the names in the first column of the tables below a heading. */
const namesBelow = (heading: string): readonly string[] => {
  const [, section = ''] = guide.split(`\n## ${heading}\n`)
  const rows = section.split('\n## ')[0]?.split('\n') ?? []
  return rows
    .filter((row) => row.startsWith('| `'))
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

describe('docs/deploy.md', () => {
  it('explains every parameter', () => {
    expect(namesBelow('Parameters').toSorted()).toEqual([...parameterNames].toSorted())
  })

  it('explains every alarm', () => {
    const parsed = parseParameters({})
    if (parsed.kind === 'problems') throw new Error(parsed.problems.join())
    const { Resources = {} } = alarms({
      parameters: parsed.parameters,
      config: configOf(fullConfig),
      name: 'flyte-webhook-dev',
      stage: 'dev',
      timeoutSeconds: 8,
    })
    const names = Object.keys(Resources).map((id) => id.replace(/Alarm$/, ''))
    expect(namesBelow('Alarms').toSorted()).toEqual(names.toSorted())
  })
})
