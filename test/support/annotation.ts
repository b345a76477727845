import { encodeBase32 } from '../../lib/request/base32.ts'

const named: Readonly<Record<number, string>> = { 10: '\\n', 13: '\\r', 9: '\\t', 34: '\\"', 92: '\\\\' }
/** Flyte's writer orders the fields by their numbers. */
const fields = ['group', 'group_version', 'key', 'mount_requirement', 'env_var']

/** Escapes text like Flyte's writer: a few bytes by letter, every other byte outside printable ASCII in octal. */
const escaped = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map(
      (byte) =>
        named[byte] ??
        (byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte)),
    )
    .join('')

/** Encodes the annotation that requests a secret, like Flyte's engine (specification §1). */
export const annotationOf = (secret: object): string => {
  const lines = Object.entries(secret)
    .filter(([name, value]) => value !== (name === 'mount_requirement' ? 'ANY' : ''))
    .toSorted(([left], [right]) => fields.indexOf(left) - fields.indexOf(right))
    .map(
      ([name, value]) => `${name}: ${name === 'mount_requirement' ? value : `"${escaped(String(value))}"`}\n`,
    )
  return encodeBase32(new TextEncoder().encode(lines.join('')))
}
