import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase32 } from '../../lib/request/base32.ts'
import { describeRequest, readSecretRequest, type SecretRequest } from '../../lib/request/secret-request.ts'
import { annotationOf } from '../support/annotation.ts'

const annotation = 'flyte.secrets/s0'
const nothing: SecretRequest = {
  annotation,
  group: '',
  groupVersion: '',
  key: '',
  mountRequirement: 'ANY',
  envVar: '',
}
const read = (text: string) => readSecretRequest(annotation, encodeBase32(new TextEncoder().encode(text)))

describe('a request', () => {
  it('is read back as written, whatever its texts', () => {
    const text = fc.string({ unit: 'grapheme' })
    const secrets = fc.record({
      group: text,
      group_version: text,
      key: text,
      env_var: text,
      mount_requirement: fc.constantFrom('ANY', 'ENV_VAR', 'FILE'),
    })
    fc.assert(
      fc.property(secrets, (secret) => {
        const { group, group_version: groupVersion, key, env_var: envVar } = secret
        const request = {
          annotation,
          group,
          groupVersion,
          key,
          envVar,
          mountRequirement: secret.mount_requirement,
        }
        expect(readSecretRequest(annotation, annotationOf(secret))).toEqual({ kind: 'request', request })
      }),
    )
  })

  it.each([
    { what: 'no field', text: '', is: {} },
    { what: 'fields in any order', text: 'key: "k" group: "g"', is: { group: 'g', key: 'k' } },
    { what: 'no space between fields', text: 'key:"k"group:"g"', is: { group: 'g', key: 'k' } },
    {
      what: 'separators',
      text: 'key: "k"; group: "g", env_var: "V";',
      is: { group: 'g', key: 'k', envVar: 'V' },
    },
    { what: 'adjacent literals', text: `key: "a" 'b' # c\n "d"`, is: { key: 'abd' } },
    { what: 'a letter split between literals', text: String.raw`key: "\303" "\251"`, is: { key: 'é' } },
    { what: 'a byte order mark', text: String.raw`key: "\357\273\277k"`, is: { key: '\ufeffk' } },
    {
      what: 'a requirement by name',
      text: 'mount_requirement: ENV_VAR',
      is: { mountRequirement: 'ENV_VAR' },
    },
    { what: 'a requirement by number', text: 'mount_requirement: 2', is: { mountRequirement: 'FILE' } },
    { what: 'a requirement of zero', text: 'mount_requirement: 0', is: { mountRequirement: 'ANY' } },
    { what: 'a requirement in hex', text: 'mount_requirement: 0x1', is: { mountRequirement: 'ENV_VAR' } },
    { what: 'a requirement in octal', text: 'mount_requirement: 02', is: { mountRequirement: 'FILE' } },
  ])('can have $what', ({ text, is }) => {
    expect(read(text)).toEqual({ kind: 'request', request: { ...nothing, ...is } })
  })

  const field = 'expected a field name'
  const unknown = 'unknown field: a Secret has group, group_version, key, mount_requirement and env_var'
  const requirement = 'mount_requirement must be ANY (0), ENV_VAR (1) or FILE (2)'
  it.each([
    { text: 'key "k"', offset: 4, why: 'expected a colon' },
    { text: 'key; "k"', offset: 3, why: 'expected a colon' },
    { text: 'key', offset: 3, why: 'expected a colon' },
    { text: 'key:', offset: 4, why: 'expected a quoted string' },
    { text: 'key: k', offset: 5, why: 'expected a quoted string' },
    { text: String.raw`key: "\xff"`, offset: 5, why: 'the string is not UTF-8' },
    { text: 'key: "open', offset: 5, why: 'the string has no closing quote' },
    { text: 'key: "a" key: "a"', offset: 9, why: 'the field key occurs twice' },
    {
      text: 'mount_requirement: 1 mount_requirement: 1',
      offset: 21,
      why: 'the field mount_requirement occurs twice',
    },
    { text: 'key: "a":', offset: 8, why: field },
    { text: 'key: "a";;', offset: 9, why: field },
    { text: ', key: "a"', offset: 0, why: field },
    { text: '7: "a"', offset: 0, why: field },
    { text: 'secret: "a"', offset: 0, why: unknown },
    { text: 'constructor: "a"', offset: 0, why: unknown },
    { text: 'mount_requirement:', offset: 18, why: requirement },
    { text: 'mount_requirement: "FILE"', offset: 19, why: requirement },
    { text: 'mount_requirement: file', offset: 19, why: requirement },
    { text: 'mount_requirement: 3', offset: 19, why: requirement },
    { text: 'mount_requirement: -1', offset: 19, why: requirement },
    { text: 'mount_requirement: 1.0', offset: 19, why: requirement },
  ])('$text is refused at $offset: $why', ({ text, offset, why }) => {
    expect(read(text)).toEqual({ kind: 'malformed', offset, why })
  })

  it('is refused if its annotation is not base32', () => {
    const why = 'not base32: expected a-z or 1-6'
    expect(readSecretRequest(annotation, 'nm9')).toEqual({ kind: 'malformed', offset: 2, why })
  })
})

describe('a request in words', () => {
  it.each([
    { request: { group: 'db', key: 'password' }, words: 'group "db", key "password"' },
    { request: { group: 'g', groupVersion: '2', key: 'k' }, words: 'group "g", group_version "2", key "k"' },
    { request: { key: 'k'.repeat(128) }, words: `group "", key "${'k'.repeat(128)}"` },
    { request: { key: 'k'.repeat(129) }, words: `group "", key "${'k'.repeat(128)}…"` },
  ])('is $words', ({ request, words }) => {
    expect(describeRequest({ ...nothing, ...request })).toBe(words)
  })
})

describe('the writer of the tests', () => {
  const vectors: { about: string; secret: object; annotation: string }[] = JSON.parse(
    readFileSync(new URL('../conformance/cases/vectors.json', import.meta.url), 'utf8'),
  )

  it.each(vectors)("writes what Flyte's writes: $about", ({ secret, annotation: recorded }) => {
    expect(annotationOf(secret)).toBe(recorded)
  })
})
