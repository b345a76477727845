import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { annotationOf } from '../support/annotation.ts'
import { hasSdks, python } from './python.ts'

const rows = [
  {
    what: 'every field of flytekit',
    produced: {
      sdk: 'flytekit',
      fields: { group: 'g', group_version: 'v', key: 'k', mount_requirement: 'FILE', env_var: 'E' },
    },
    asked: { group: 'g', group_version: 'v', key: 'k', mount_requirement: 'FILE', env_var: 'E' },
  },
  {
    what: 'text that has to be escaped',
    produced: {
      sdk: 'flytekit',
      fields: { group: 'grün 🔑\u0001\u007f', key: 'a"b\\c\n\r\t', mount_requirement: 'ANY' },
    },
    asked: { group: 'grün 🔑\u0001\u007f', key: 'a"b\\c\n\r\t' },
  },
  {
    what: 'a key of the Flyte 2 SDK, which is a variable',
    produced: { sdk: 'flyte', fields: { key: 'my-key' } },
    asked: { key: 'my-key', mount_requirement: 'ENV_VAR', env_var: 'MY_KEY' },
  },
  {
    what: 'a file of the Flyte 2 SDK',
    produced: { sdk: 'flyte', fields: { key: 'k', group: 'g', mount: '/etc/flyte/secrets' } },
    asked: { group: 'g', key: 'k', mount_requirement: 'FILE' },
  },
]

describe.skipIf(!hasSdks)('an annotation of the real SDKs', () => {
  it.each(rows)('equals the one that the tests write: $what', ({ produced, asked }) => {
    const program = join(import.meta.dirname, 'producer.py')
    const input = JSON.stringify([produced])
    const ended = spawnSync(python, [program], { input, encoding: 'utf8' })
    expect(JSON.parse(ended.stdout)).toEqual([annotationOf(asked)])
  })
})
