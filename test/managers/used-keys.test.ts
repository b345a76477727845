import { describe, expect, it } from 'vitest'
import type { Key, Keys } from '../../lib/manager-kit/keys.ts'
import type { FetchStep } from '../../lib/manager-kit/wants.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { builtIn } from '../../lib/managers/built-in.ts'
import type { Json } from '../support/pods.ts'
import { flyteLabels } from './decided.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'

/** Kinds of keys without an option for the manager. */
const withoutOption = ['falseOnly', 'unused', 'unusedText']

/** Returns the names of keys, including those of sections, as `inner.deep`. */
const namesOf = (keys: Keys, before = ''): string[] =>
  Object.entries(keys).flatMap(([name, key]) => {
    if (withoutOption.includes(key.kind)) return []
    return key.kind === 'section' ? namesOf(key.keys, `${before}${name}.`) : [`${before}${name}`]
  })

/** Returns a value for a key: the given choice if the key has it, otherwise a default. */
const valueOf = (key: Key, choice: string): unknown => {
  switch (key.kind) {
    case 'oneOf':
      return key.of.includes(choice) ? choice : key.default
    case 'section':
      return optionsOf(key.keys, choice)
    case 'list':
      return [optionsOf(key.keys, choice)]
    case 'patterns':
      return ['*']
    case 'annotations':
      return {}
    default:
      return 'default' in key ? key.default : 'x'
  }
}

const optionsOf = (keys: Keys, choice: string): Json =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([name, key]) =>
      withoutOption.includes(key.kind) ? [] : [[name, valueOf(key, choice)]],
    ),
  )

/** Wraps options to record which of them are read. */
const watched = (options: Json, read: Set<string>, before = ''): Json =>
  new Proxy(options, {
    get: (target, name) => {
      const value = target[name]
      if (typeof name !== 'string') return value
      read.add(`${before}${name}`)
      const isSection = typeof value === 'object' && value !== null && !Array.isArray(value)
      return isSection ? watched(value, read, `${before}${name}.`) : value
    },
  })

const cache = { get: async () => ({ kind: 'absent', ageMs: 0, stale: false }) as const }
const groups = ['g', 'arn:aws:secretsmanager:us-east-2:111122223333:secret']
const mounts = ['ANY', 'ENV_VAR', 'FILE'] as const

/** Returns the options that a manager reads while it is created, answers requests and makes its init containers. */
const readBy = async (definition: AnyDefinition, keys: Keys): Promise<ReadonlySet<string>> => {
  const read = new Set<string>()
  const choices = Object.values(keys).flatMap((key) => (key.kind === 'oneOf' ? key.of : []))
  for (const choice of ['', ...choices]) {
    const options = watched(optionsOf(keys, choice), read) as never
    definition.reads?.(options)
    const host = { envVarPrefix: 'P_', profile: 'flyte1' } as const
    const manager = definition.create?.(options, host, () => ({ open: () => cache }))
    for (const group of groups)
      for (const mountRequirement of mounts) {
        const request = requestOf({ group, groupVersion: '1', key: 'k', mountRequirement })
        const said = await manager?.resolve(
          request,
          podFacts({ labels: flyteLabels }),
          new AbortController().signal,
        )
        const steps: FetchStep[] =
          said?.kind === 'found' ? said.wants.flatMap((want) => ('step' in want ? [want.step] : [])) : []
        const [first] = steps
        if (first !== undefined) JSON.stringify(manager?.pullContainers?.([first]))
      }
  }
  return read
}

const unreadOf = async (definition: AnyDefinition): Promise<readonly string[]> => {
  const keys = { ...definition.keys, ...definition.own?.keys }
  const read = await readBy(definition, keys)
  return namesOf(keys).filter((name) => !read.has(name))
}

describe('every key that a manager declares', () => {
  it.each(builtIn.map((definition) => [definition.name, definition] as const))(
    'is read by it: %s',
    async (_, definition) => {
      expect(await unreadOf(definition)).toEqual([])
    },
  )

  it('is reported here if no request reads it', async () => {
    const gcp = builtIn.find(({ name }) => name === 'GCP')
    if (gcp === undefined) throw new Error('no GCP')
    const keys = { ...gcp.keys, project: { kind: 'optionalText', help: 'Its project.' } } as const
    expect(await unreadOf({ ...gcp, keys })).toEqual(['project'])
  })
})
