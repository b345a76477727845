import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError } from '../../infra/config/config-error.ts'
import { readConfigFile } from '../../infra/config/config-file.ts'
import { createJsonSchema } from '../../infra/config/json-schema.ts'
import { projectRoot } from '../../infra/project-root.ts'
import { managerNames } from '../support/managers.ts'
import { configOf, noticesOf } from './outcome.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flyte-webhook-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const messageOf = async (path: string): Promise<string> => {
  const lines: string[] = []
  const error: unknown = await readConfigFile(path, (line) => lines.push(line)).catch(
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return error instanceof Error ? error.message : ''
}

describe('a configuration file', () => {
  test('is read, and its notices are printed', async () => {
    const lines: string[] = []
    const path = await write('good.yaml', 'webhook:\n  listenPort: 9443\n  secretManagerType: azure\n')
    const { config } = await readConfigFile(path, (line) => lines.push(line))
    expect(config.webhook.secretManagerTypes).toEqual(['Azure'])
    expect(lines).toEqual([expect.stringMatching(/good\.yaml:2: webhook\.listenPort has no effect here: /)])
  })

  test('that is empty has the defaults, and a notice that says so', async () => {
    const lines: string[] = []
    const path = await write('empty.yaml', '\n')
    const { config } = await readConfigFile(path, (line) => lines.push(line))
    expect(config).toStrictEqual(configOf(''))
    expect(lines).toEqual([`${path}: the file is empty, so every key has its default value`])
  })

  test('with problems is an error that lists each problem on its own line', async () => {
    const path = await write('bad.yaml', 'webhook:\n  foo: 1\n  secretManagerType: K9s\n')
    const lines = (await messageOf(path)).split('\n')
    expect(lines).toEqual([
      expect.stringContaining(`${path}:2: webhook.foo: unknown key; `),
      expect.stringContaining(`${path}:3: webhook.secretManagerType: must be `),
    ])
  })

  test('with a syntax error is an error that gives the line', async () => {
    const path = await write('syntax.yaml', 'webhook: {}\na: b: c\n')
    expect(await messageOf(path)).toMatch(/syntax\.yaml:2: a line contains two keys/)
  })

  test('that is missing or a folder is an error that says so', async () => {
    expect(await messageOf(join(folder, 'none.yaml'))).toBe(`${join(folder, 'none.yaml')}: no such file`)
    expect(await messageOf(folder)).toBe(`${folder}: cannot be read (EISDIR)`)
  })

  test('is named relative to the current folder', async () => {
    expect(await messageOf(join(process.cwd(), 'no-such-file.yaml'))).toBe('no-such-file.yaml: no such file')
  })
})

describe('webhook.yaml of the project', () => {
  test('means the same as an empty file, has no notices, and fits on a screen', async () => {
    const text = await readFile(join(projectRoot, 'webhook.yaml'), 'utf8')
    expect(configOf(text)).toStrictEqual(configOf(''))
    expect(noticesOf(text)).toEqual([])
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./webhook.schema.json')
    expect(text.split('\n').length).toBeLessThanOrEqual(50)
  })
})

type Node = Readonly<Record<string, unknown>>
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null
const nodesOf = (value: unknown): readonly Node[] =>
  isNode(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : []

describe('the JSON Schema', () => {
  test('is committed in its current form: `npm run schema` writes it', async () => {
    const committed: unknown = JSON.parse(await readFile(join(projectRoot, 'webhook.schema.json'), 'utf8'))
    expect(committed).toEqual(createJsonSchema())
  })

  const nodes = nodesOf(createJsonSchema())
  const mappings = nodes.filter(({ properties }) => isNode(properties))

  test('describes every key, and allows no other', () => {
    const keys = mappings.flatMap(({ properties }) => Object.entries(isNode(properties) ? properties : {}))
    expect(keys.length).toBeGreaterThan(60)
    expect(keys.filter(([, key]) => !isNode(key) || typeof key['description'] !== 'string')).toEqual([])
    expect(mappings.filter(({ additionalProperties }) => additionalProperties !== false)).toEqual([])
  })

  test('is draft 7, states the defaults, and accepts a key without a value', () => {
    const schema = JSON.stringify(createJsonSchema())
    expect(createJsonSchema()['$schema']).toBe('http://json-schema.org/draft-07/schema#')
    expect(schema).toContain('"default":"docker.io/amazon/aws-secrets-manager-secret-sidecar:v0.1.4"')
    expect(schema).toContain('"default":{"cpu":"200m","memory":"500Mi"}')
    expect(nodes).toContainEqual(
      expect.objectContaining({ enum: ['flyte1', 'flyte2', null], default: 'flyte1' }),
    )
    expect(nodes).toContainEqual(expect.objectContaining({ enum: [...managerNames] }))
  })
})
