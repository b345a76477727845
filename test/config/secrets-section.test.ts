import { describe, expect, test } from 'vitest'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

const yaml = (section: object): string => JSON.stringify({ secrets: section })

describe('env-prefix', () => {
  test.each(['FLYTE_SECRET_', 'X', 'AWSX', 'LAMBDAS_', 'lower_', 'A1_'].map((prefix) => ({ prefix })))(
    'can be $prefix',
    ({ prefix }) => {
      expect(configOf(yaml({ 'env-prefix': prefix })).secrets['env-prefix']).toBe(prefix)
    },
  )

  const wrong = [
    { prefix: '', says: 'must not be empty' },
    { prefix: 'AWS_', says: 'must not be the prefix of a variable of Lambda or AWS' },
    { prefix: 'AWS_SECRET_', says: 'must not be the prefix' },
    { prefix: 'aws_', says: 'must not be the prefix' },
    { prefix: 'AW', says: 'must not be the prefix' },
    { prefix: 'A', says: 'must not be the prefix' },
    { prefix: 'LAMBDA_', says: 'must not be the prefix' },
    { prefix: 'LAMBDA', says: 'must not be the prefix' },
    { prefix: '_', says: 'must not be the prefix' },
    { prefix: '_FSEC_', says: 'must not be the prefix' },
    { prefix: '1X', says: 'must be letters' },
    { prefix: 'X-', says: 'must be letters' },
    { prefix: 'X=', says: 'must be letters' },
    { prefix: 'Ä', says: 'must be letters' },
  ]
  test.each(wrong)('cannot be "$prefix"', ({ prefix, says }) => {
    expect(problemsOf(yaml({ 'env-prefix': prefix }))).toEqual([
      expect.stringContaining(`1 secrets.env-prefix: ${says}`),
    ])
  })
})

describe('secrets-prefix', () => {
  const right = [
    { prefix: '/etc/secrets', is: '/etc/secrets' },
    { prefix: '/opt/secrets/', is: '/opt/secrets' },
    { prefix: '//mnt//efs/./x/../y', is: '/mnt/efs/y' },
    { prefix: '/tmp/x', is: '/tmp/x' },
    { prefix: '/var/task/x', is: '/var/task/x' },
    { prefix: '/process', is: '/process' },
  ]
  test.each(right)('can be $prefix, which becomes $is', ({ prefix, is }) => {
    expect(configOf(yaml({ 'secrets-prefix': prefix })).secrets['secrets-prefix']).toBe(is)
  })

  const wrong = [
    { prefix: '', says: 'must be an absolute path' },
    { prefix: 'etc/secrets', says: 'must be an absolute path' },
    { prefix: './secrets', says: 'must be an absolute path' },
    ...[
      '/',
      '//',
      '/.',
      '/x/..',
      '/etc',
      '/etc/',
      '/opt',
      '/opt/.',
      '/proc',
      '/proc/self',
      '/x/../proc//1/',
      '/tmp',
      '/tmp/../tmp',
      '/var/task',
      '//var//task//',
      '/var/task/x/..',
    ].map((prefix) => ({ prefix, says: 'must be a dedicated folder' })),
    { prefix: '/a\0', says: 'must not contain a NUL' },
  ]
  test.each(wrong)('cannot be "$prefix"', ({ prefix, says }) => {
    expect(problemsOf(yaml({ 'secrets-prefix': prefix }))).toEqual([
      expect.stringContaining(`1 secrets.secrets-prefix: ${says}`),
    ])
  })
})

test("type, Flyte's third key, has no effect", () => {
  expect(configOf(yaml({ type: 'local' }))).toStrictEqual(configOf(''))
  expect(noticesOf(yaml({ type: 'local' }))).toEqual([
    expect.stringContaining('1 secrets.type: has no effect here'),
  ])
})
