import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annotationValue } from '../../infra/preview/annotation-value.ts'
import {
  formatRequest,
  parseRequest,
  type RequestFields,
  secretMessage,
} from '../../infra/preview/readable-request.ts'
import { readSecretRequest } from '../../lib/request/secret-request.ts'
import { annotationOf } from '../support/annotation.ts'

const request = (fields: Partial<RequestFields>): RequestFields => ({
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
  ...fields,
})

const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db'

describe('a readable request', () => {
  it.each<{ text: string; says: Partial<RequestFields> }>([
    { text: 'db/password', says: { group: 'db', key: 'password' } },
    { text: '/password', says: { key: 'password' } },
    { text: 'db/', says: { group: 'db' } },
    { text: 'db/password:ENV_VAR', says: { group: 'db', key: 'password', mountRequirement: 'ENV_VAR' } },
    {
      text: 'db/password@3:FILE=DB_FILE',
      says: { group: 'db', groupVersion: '3', key: 'password', mountRequirement: 'FILE', envVar: 'DB_FILE' },
    },
    { text: 'db/password=DB_PASSWORD', says: { group: 'db', key: 'password', envVar: 'DB_PASSWORD' } },
    { text: `${arn}/user`, says: { group: arn, key: 'user' } },
    {
      text: `${arn}-AbCdEf/user:FILE`,
      says: { group: `${arn}-AbCdEf`, key: 'user', mountRequirement: 'FILE' },
    },
    {
      text: 'secret/data/team/db/password@kv2',
      says: { group: 'secret/data/team/db', key: 'password', groupVersion: 'kv2' },
    },
    {
      text: 'https://vault.vault.azure.net/secrets/db/@0123abcd',
      says: { group: 'https://vault.vault.azure.net/secrets/db', groupVersion: '0123abcd' },
    },
    {
      text: 'projects/p/secrets/db/@latest',
      says: { group: 'projects/p/secrets/db', groupVersion: 'latest' },
    },
    { text: 'db/a%2Fb%40c%3Ad%3De%25', says: { group: 'db', key: 'a/b@c:d=e%' } },
    { text: 'db%401/key', says: { group: 'db@1', key: 'key' } },
    { text: 'gruppe-ß/schlüssel', says: { group: 'gruppe-ß', key: 'schlüssel' } },
  ])('$text is read and written back', ({ text, says }) => {
    expect(parseRequest(text)).toEqual(request(says))
    expect(formatRequest(request(says))).toBe(text)
  })

  it.each([
    { text: 'password', shows: '/password for a key alone' },
    { text: '', shows: '/password for a key alone' },
    { text: 'db@3/password', shows: 'write %40' },
    { text: 'db/password=/run/x', shows: '%3D, or %2F' },
    { text: 'db/password:file', shows: 'write %3A' },
    { text: 'db/a:b:FILE', shows: 'write %3A' },
    { text: 'db/password:FILE:ENV_VAR', shows: 'each once' },
    { text: 'db/password:FILE@3', shows: 'in this order' },
    { text: 'db/a@b@c', shows: 'write %40' },
    { text: 'db/a=B=C', shows: '%3D' },
    { text: 'db/key@', shows: 'in this order' },
    { text: 'db/100%', shows: 'write %25' },
    { text: 'db/%ff', shows: 'write %25' },
  ])('$text is refused with how to write it', ({ text, shows }) => {
    expect(() => parseRequest(text)).toThrow(shows)
  })

  const requests = fc.record({
    group: fc.string({ unit: 'binary' }),
    groupVersion: fc.string({ unit: 'binary' }),
    key: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('/', 'a:FILE', '%2F', '=A', '@1', '\u{1b}[2J'),
    ),
    mountRequirement: fc.constantFrom('ANY', 'FILE', 'ENV_VAR'),
    envVar: fc.string({ unit: 'binary' }),
  })

  it('expresses every possible request in printable text', () => {
    fc.assert(
      fc.property(requests, (any) => {
        const text = formatRequest(any)
        expect(parseRequest(text)).toEqual(any)
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Z}]/u)
      }),
    )
  })

  it('is encoded like in Flyte, and decoded to the same request', () => {
    fc.assert(
      fc.property(requests, (any) => {
        const value = annotationValue(any)
        expect(value).toBe(annotationOf(secretMessage(any)))
        expect(readSecretRequest('a', value)).toEqual({
          kind: 'request',
          request: { annotation: 'a', ...any },
        })
      }),
    )
  })

  it('is encoded as in the vectors of the specification', () => {
    expect(annotationValue(parseRequest('/my_key'))).toBe('nnsxsoraejwxsx2lmv3secq')
    expect(annotationValue(request({ group: ";':/\\" }))).toBe('m4zg54lqhiqceozhhixvyxbcbi')
  })
})
