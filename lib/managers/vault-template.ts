import { type EnvFile, maxLineBytes, noVariable, unfit } from '../manager-kit/env-file.ts'
import type { SecretRequest } from '../request/secret-request.ts'

/**
 * The template of an env file (specification §4.8): one key of the secret's data, or a failure with the reason, by the same rules as
 * `toEnv`. Vault's values are always UTF-8. Functions: consul-template's templating language, `split`, `contains`, `sprig_fail`.
 */
export const envTemplate = (
  { group, key }: SecretRequest,
  data: string,
  { maxValueBytes }: EnvFile,
): string => {
  const rules: readonly (readonly [isBroken: string, rule: string])[] = [
    ['eq (printf "%T" $value) "<nil>"', unfit.key],
    ['eq $text ""', unfit.empty],
    [`gt (len $text) ${maxValueBytes}`, unfit.long],
    ['contains "\'" $text', unfit.quote],
    ['contains "\\x00" $text', unfit.nul],
    ['contains "\\r\\n" $text', unfit.lineEnd],
  ]
  const line = `{{- range split "\\n" $line }}{{ if gt (len .) ${maxLineBytes} }}{{ $why = ${goString(unfit.line)} }}{{ end }}{{ end -}}`
  return [
    `{{- with secret ${goString(group)} -}}`,
    `{{- $value := index ${data} ${goString(key)} }}{{ $text := printf "%v" $value }}{{ $line := print "V='" $text "'" }}{{ $why := "" -}}`,
    line,
    ...rules.map(([isBroken, rule]) => `{{- if ${isBroken} }}{{ $why = ${goString(rule)} }}{{ end -}}`),
    `{{- if $why }}{{ sprig_fail (print ${goString(`${group}/${key}: `)} $why ${goString(`, ${noVariable}`)}) }}{{ end -}}`,
    '{{ $line }}{{ "\\n" }}{{- end -}}',
  ].join('')
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

/** A Go string literal as `strconv.Quote` writes it: it escapes what Go does not consider printable. */
export const goString = (text: string): string =>
  `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => goEscapes[character] ?? goEscape(character))}"`

const goEscape = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
