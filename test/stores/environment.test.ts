import { describe, expect, it } from 'vitest'
import { createEnvironmentStore } from '../../lib/stores/environment.ts'

const signal = new AbortController().signal
const store = createEnvironmentStore('FLYTE_SECRET_', {
  FLYTE_SECRET_DB_PASSWORD: 'hunter2\n',
  FLYTE_SECRET_DB_EMPTY: '',
  FLYTE_SECRET_STRASSE_K: 'eszett',
  FLYTE_SECRET_db_lower: 'never found',
  DB_PLAIN: 'without the prefix',
})

describe("the function's environment", () => {
  it.each([
    { group: 'db', key: 'password', value: 'hunter2\n' },
    { group: 'DB', key: 'Password', value: 'hunter2\n' },
    { group: 'db', key: 'empty', value: '' },
    { group: 'straße', key: 'k', value: 'eszett' },
  ])('has $group/$key by its upper-case name, with the value as written', async ({ group, key, value }) => {
    const answer = await store.get(group, key, signal)
    expect(answer.kind === 'value' && answer.value.reveal()).toBe(value)
  })

  it.each([
    { group: 'db', key: 'lower' },
    { group: 'db', key: 'plain' },
    { group: 'db', key: 'other' },
  ])('has no $group/$key', ({ group, key }) => {
    expect(store.get(group, key, signal)).toEqual({ kind: 'absent' })
  })

  it.each([
    { name: 'DB_PASSWORD', group: 'db', key: 'password', groups: ['DB'] },
    { name: 'DB_ADMIN_PASSWORD', group: 'db', key: 'admin_password', groups: ['DB', 'DB_ADMIN'] },
    { name: '_A__B_', group: '_a', key: '_b_', groups: ['_A', '_A_'] },
  ])('returns the possible groups of $name: $groups', ({ name, group, key, groups }) => {
    const one = createEnvironmentStore('P_', { [`P_${name}`]: 'v' })
    expect(one.get(group, key, signal)).toMatchObject({ kind: 'value', groups })
  })

  it('is looked up by exact names, unlike in the operating system', () => {
    process.env['FLYTE_SECRET_UNIT_TEST'] = 'a=b'
    const ofProcess = createEnvironmentStore('FLYTE_SECRET_', process.env)
    delete process.env['FLYTE_SECRET_UNIT_TEST']
    expect(ofProcess.get('unit', 'test', signal)).toMatchObject({ kind: 'value' })
    expect(ofProcess.get('unit', 'test\0', signal)).toEqual({ kind: 'absent' })
    expect(ofProcess.get('unit', 'test=a', signal)).toEqual({ kind: 'absent' })
  })
})
