import { shown } from '../errors.ts'
import { decodeBase32, type Malformed, malformed } from './base32.ts'
import { type Token, tokenize } from './text-format.ts'
import { utf8 } from '../utf8.ts'

/** How the secret may arrive, as the producer requests it (specification §1). */
export type MountRequirement = 'ANY' | 'ENV_VAR' | 'FILE'

/** One request for a secret: Flyte's `Secret` message. A missing text is empty, as in protobuf. */
export interface SecretRequest {
  /** The full name of its annotation. */
  readonly annotation: string
  readonly group: string
  readonly groupVersion: string
  readonly key: string
  readonly mountRequirement: MountRequirement
  readonly envVar: string
}

/** The requested secret in words: `group "db", key "password"`. */
export const describeRequest = ({ group, groupVersion, key }: SecretRequest): string =>
  [
    `group "${shown(group)}"`,
    ...(groupVersion === '' ? [] : [`group_version "${shown(groupVersion)}"`]),
    `key "${shown(key)}"`,
  ].join(', ')

export type ReadRequest = { readonly kind: 'request'; readonly request: SecretRequest } | Malformed

const mountRequirements: readonly MountRequirement[] = ['ANY', 'ENV_VAR', 'FILE']
const number = /^(0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)$/
const ascii = /^[\x20-\x7e]*$/

/**
 * Reads the value of a `flyte.secrets/s…` annotation: base32 of a protobuf text-format `Secret` (specification §1).
 * Errors carry the offset: of a character of the annotation if it is not base32, else of a byte of the decoded text.
 */
export const readSecretRequest = (annotation: string, value: string): ReadRequest => {
  const decoded = decodeBase32(value)
  if (decoded.kind === 'malformed') return { ...decoded, why: `not base32: ${decoded.why}` }
  const cut = tokenize(decoded.bytes.toString('latin1'))
  if (cut.kind === 'malformed') return cut
  return readFields(annotation, cut.tokens, decoded.bytes.length)
}

/** `name: value`, each optionally followed by one `,` or `;`, each name at most once. */
const readFields = (annotation: string, tokens: readonly Token[], end: number): ReadRequest => {
  const texts = { group: '', group_version: '', key: '', env_var: '' }
  let mountRequirement: MountRequirement = 'ANY'
  const seen: string[] = []
  let at = 0
  while (at < tokens.length) {
    const name = tokens[at++]
    if (name?.kind !== 'name') return malformed(name?.offset ?? end, 'expected a field name')
    if (seen.includes(name.text)) return malformed(name.offset, `the field ${name.text} occurs twice`)
    seen.push(name.text)
    const colon = tokens[at++]
    if (colon?.kind !== 'symbol' || colon.text !== ':')
      return malformed(colon?.offset ?? end, 'expected a colon')
    switch (name.text) {
      case 'group':
      case 'group_version':
      case 'key':
      case 'env_var': {
        const text = readText(tokens, at, end)
        if (text.kind === 'malformed') return text
        texts[name.text] = text.text
        at = text.next
        break
      }
      case 'mount_requirement': {
        const requirement = readMountRequirement(tokens[at++], end)
        if (typeof requirement !== 'string') return requirement
        mountRequirement = requirement
        break
      }
      default:
        return malformed(
          name.offset,
          'unknown field: a Secret has group, group_version, key, mount_requirement and env_var',
        )
    }
    const separator = tokens[at]
    if (separator?.kind === 'symbol' && separator.text !== ':') at++
  }
  const { group, group_version: groupVersion, key, env_var: envVar } = texts
  return { kind: 'request', request: { annotation, group, groupVersion, key, mountRequirement, envVar } }
}

/** One or more adjacent string literals: together they must be UTF-8. */
const readText = (
  tokens: readonly Token[],
  start: number,
  end: number,
): { readonly kind: 'text'; readonly text: string; readonly next: number } | Malformed => {
  let binary = ''
  let next = start
  for (let token = tokens[next]; token?.kind === 'string'; token = tokens[++next]) binary += token.text
  const offset = tokens[start]?.offset ?? end
  if (next === start) return malformed(offset, 'expected a quoted string')
  try {
    const text = ascii.test(binary) ? binary : utf8.decode(Buffer.from(binary, 'latin1'))
    return { kind: 'text', text, next }
  } catch {
    // TextDecoder has no other way to report it.
    return malformed(offset, 'the string is not UTF-8')
  }
}

const readMountRequirement = (token: Token | undefined, end: number): MountRequirement | Malformed => {
  const why = 'mount_requirement must be ANY (0), ENV_VAR (1) or FILE (2)'
  if (token === undefined) return malformed(end, why)
  const found =
    token.kind === 'name'
      ? mountRequirements.find((known) => known === token.text)
      : token.kind === 'number' && number.test(token.text)
        ? mountRequirements[/^0[0-7]/.test(token.text) ? Number.parseInt(token.text, 8) : Number(token.text)]
        : undefined
  return found ?? malformed(token.offset, why)
}
