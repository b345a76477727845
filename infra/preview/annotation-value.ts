import { encodeBase32 } from '../../lib/request/base32.ts'
import { type RequestFields, secretMessage } from './readable-request.ts'

/** Returns the value of an annotation that asks for a secret, byte for byte as Flyte's engine writes it (specification §1). */
export const annotationValue = (request: RequestFields): string => {
  const lines = Object.entries(secretMessage(request)).map(([name, value]) => {
    if (name === 'mount_requirement') return value === 'ANY' ? '' : `${name}: ${value}\n`
    return value === '' ? '' : `${name}: "${escaped(value)}"\n`
  })
  return encodeBase32(new TextEncoder().encode(lines.join('')))
}

const named: ReadonlyMap<number, string> = new Map(
  Object.entries({ '\n': '\\n', '\r': '\\r', '\t': '\\t', '"': '\\"', '\\': '\\\\' }).map(
    ([character, written]) => [character.charCodeAt(0), written],
  ),
)

/**
 * Escapes every byte outside printable ASCII as three octal digits, and some characters as a letter (protobuf's
 * `text/encode.go`).
 */
const escaped = (text: string): string =>
  Array.from(
    new TextEncoder().encode(text),
    (byte) =>
      named.get(byte) ??
      (byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte)),
  ).join('')
