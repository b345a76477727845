import { sha256 } from '../digest.ts'
import type { Want } from '../pod/wants.ts'
import { encodeBase32 } from '../request/base32.ts'
import { secretsDirectory } from '../request/names.ts'
import type { SecretRequest } from '../request/secret-request.ts'
import { fileOnly, fileVariables, notMine, type Resolution, type SecretManager } from './manager.ts'

export interface VaultOptions {
  readonly role: string
  /** Deprecated in Flyte: the KV engine of a request whose `group_version` names none. */
  readonly kvVersion: '1' | '2'
  /** Added to every pod that Vault serves; they override the common ones. */
  readonly annotations: Readonly<Record<string, string>>
}

const domain = 'vault.hashicorp.com'
/** `agent-inject-template-` and the id fill the 63 characters that the name of an annotation may have. */
const idLength = 41
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/

/** HashiCorp Vault by the annotations of its Agent Injector (specification §4.6). */
export const createVault = (options: VaultOptions): SecretManager => ({
  name: 'Vault',
  resolve(request): Resolution {
    const { group, key } = request
    if (group === '' || key === '') return notMine('it needs a group and a key')
    const path = fileOnly(request, group, key)
    if (path.kind === 'unusable') return notMine(path.why)
    const template = templateOf(request, options.kvVersion)
    const identity = JSON.stringify(['Vault', group, key, template ?? 'whole'])
    const file: Want = { kind: 'file', path: path.absolute, root: secretsDirectory, identity }
    const perSecret = secretAnnotations(request, template, encodeBase32(sha256(identity)).slice(0, idLength))
    const annotations = { ...perSecret, ...commonAnnotations(options.role), ...options.annotations }
    const wants = Object.entries(annotations).map(
      ([name, value]): Want => ({ kind: 'annotation', key: name, value, when: 'always' }),
    )
    const first: readonly Want[] = Object.hasOwn(annotations, initFirst.key) ? [] : [initFirst]
    return { kind: 'found', wants: [file, ...wants, ...first, ...fileVariables(request, path.absolute)] }
  },
})

/** Init containers that are not this webhook's would start without their secrets if the agent came after them. */
const initFirst = {
  kind: 'annotation',
  key: `${domain}/agent-init-first`,
  value: 'true',
  when: 'other-init-containers',
} as const

const commonAnnotations = (role: string): Readonly<Record<string, string>> => ({
  [`${domain}/agent-inject`]: 'true',
  [`${domain}/secret-volume-path`]: secretsDirectory,
  [`${domain}/role`]: role,
  [`${domain}/agent-pre-populate-only`]: 'true',
})

/** Vault Agent writes `<no value>` for a missing key unless it is told to fail. */
const secretAnnotations = (
  { group, key }: SecretRequest,
  template: string | undefined,
  id: string,
): Readonly<Record<string, string>> => ({
  [`${domain}/agent-inject-secret-${id}`]: group,
  [`${domain}/agent-inject-file-${id}`]: `${group.toLowerCase()}/${key.toLowerCase()}`,
  ...(template === undefined
    ? {}
    : {
        [`${domain}/agent-inject-template-${id}`]: template,
        [`${domain}/error-on-missing-key-${id}`]: 'true',
      }),
})

/** The Vault Agent template that writes one key of the secret, or none for the database engine: all of it is wanted. */
const templateOf = (
  { group, groupVersion, key }: SecretRequest,
  kvVersion: '1' | '2',
): string | undefined => {
  if (groupVersion === 'db') return undefined
  const version = groupVersion === 'kv1' ? '1' : groupVersion === 'kv2' ? '2' : kvVersion
  const data = version === '1' ? '.Data' : '.Data.data'
  const value = identifier.test(key) ? `${data}.${key}` : `index ${data} ${goString(key)}`
  return `{{- with secret ${goString(group)} -}}{{ ${value} }}{{- end -}}`
}

const goEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** A Go string literal as `strconv.Quote` writes it: what is not printable in Go's sense is escaped. */
const goString = (text: string): string =>
  `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => goEscapes[character] ?? goEscape(character))}"`

const goEscape = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
