import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import type { Json } from '../support/pods.ts'

/**
 * Returns the rules of specification §4.8 that a value breaks, in the words of an init container. Linux, the kubelet's reading
 * line by line, or the runtime's interface (protobuf's `string`) would refuse or change such a value.
 */
export const brokenRules = (value: Buffer, maxBytes: number): readonly string[] => {
  const lines = `V='${value.toString('latin1')}'`.split('\n')
  const rules: readonly (readonly [isBroken: boolean, rule: string])[] = [
    [value.length === 0, 'it is empty'],
    [value.length > maxBytes, 'it is longer than Linux allows a variable'],
    [value.includes(0), 'it holds a NUL'],
    [value.includes("'"), 'it holds a single quote'],
    [value.includes('\r\n'), 'it has line ends of Windows (CR LF)'],
    [!isUtf8(value), 'it is not UTF-8'],
    [lines.some((line) => line.length > 65_535), 'it has a line of more than 65,535 bytes'],
  ]
  return rules.filter(([isBroken]) => isBroken).map(([, rule]) => rule)
}

/** Returns the whole message about a value that breaks a rule. It holds nothing of the value. */
export const refusalOf = (secret: string, rule: string): string =>
  `${secret}: ${rule}, so it cannot be a variable: ask for it as a file`

/** Returns the env file that the first container of a pod reads, and the bytes that Linux leaves for its value. */
export const envFileOfPod = (pod: Json): { volume: string; path: string; maxBytes: number } => {
  const variables: readonly Json[] = pod.spec.containers[0].env.filter(
    ({ valueFrom }: Json) => valueFrom?.fileKeyRef !== undefined,
  )
  const { volumeName, path, key } = variables[0].valueFrom.fileKeyRef
  if (key !== 'V') throw new Error(`the key is ${key}`)
  const maxBytes = 131_070 - Math.max(...variables.map(({ name }) => name.length))
  return { volume: volumeName, path, maxBytes }
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const byte = (code: number): string => code.toString(16).padStart(2, '0')
const codes = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
const x = (length: number): string => 'x'.repeat(length)

/** Each byte alone and between two others. */
const everyByte = codes(0, 255).flatMap((code) => [hex(byte(code)), hex(`61 ${byte(code)} 62`)])

/** The bounds of the second byte after each first byte of a character (Unicode 16, table 3-7), and of the bytes after it. */
const leads = '7f 80 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 f7 f8 fc fe ff'.split(' ')
const lengthOf = (lead: string): number => (lead >= 'f0' ? 4 : lead >= 'e0' ? 3 : lead >= 'c0' ? 2 : 1)
const sequences = leads.flatMap((lead) =>
  '7f 80 8f 90 9f a0 bf c0'.split(' ').flatMap((second) => {
    const rest = Array.from({ length: Math.max(0, lengthOf(lead) - 2) }, () => 'bf')
    return hex([lead, second, ...rest].join(''))
  }),
)
const brokenOff = ['c3', 'e2 82', 'e2', 'f0 9f 94', 'f0 9f', 'f0']
/** Characters cut off by the next byte or by the end. */
const torn = brokenOff.flatMap((start) =>
  ['', '0a', '20', '61', '27', 'c3 a9', 'c3'].map((next) => hex(start + next)),
)
/** Surrogate pairs, a last byte out of bounds, one byte too many. */
const outOfBounds = [
  'ed a0 bd ed b4 91',
  'e2 82 7f',
  'f0 9f 94 c0',
  'f0 9f c0 91',
  'c3 a9 80',
  'f0 9f 94 91 bf',
]

const blanks = ['', ' ', '\n', '\n\n', '\t', ' blank ', '\tblank\t', '\nline', 'line\n', 'line\n\n\n']
const returns = ['\r', 'a\rb\r', '\n\r', '\r\n', 'a\r\nb', 'a\r\r\n', '\r\n\r\n']
const signs = ['#', '=', '$', '\\', '"', "'", '`', "''", ' # comment', "a' # comment", '*', '~', 'a;b', 'a&b']
const printed = ['-n', '-e a\\nb', '%s%n', 'a\\', '\\n', '\\\n', '\\0', '!!', '{a,b}', '\x1b[2J']
const expansions = ['$HOME', '$(id)', '$$', '${V}', '`id`', '$(HOME)']
const variables = ['V=', "V='a'", 'V=a\nV=b', '# V\nV', 'export V']
const characters = [
  'grün',
  '🔑',
  '👩‍👩‍👧',
  '\u{10ffff}',
  '\ud7ff\ue000',
  '\uffff',
  '\u2028\u0085',
  '\ufffd',
  '\ufeff',
]
const texts = [blanks, returns, signs, printed, expansions, variables, characters]

/** The file's first line has `V='` in front, its last line a quote at the end. */
const longLines = [
  ...[65_531, 65_532, 65_533].flatMap((length) => [x(length), `${x(length)}\nrest`]),
  ...[65_531, 65_532, 65_533, 65_534, 65_535, 65_536].map((length) => `first\n${x(length)}`),
  ...[65_535, 65_536].flatMap((length) => [`first\n${x(length)}\nlast`, `first\n${x(length)}\n`]),
  // The limit counts bytes, not characters.
  `first\n${'é'.repeat(32_767)}x\n`,
  `first\n${'é'.repeat(32_768)}\n`,
].map((text) => Buffer.from(text))

/** Returns a text of this many bytes, in lines of 64. */
const ofBytes = (length: number): Buffer => Buffer.from(`${x(63)}\n`.repeat(2049)).subarray(0, length)

const harmless = fc.oneof(
  fc.constantFrom(...' \t\n\r#=$\\"`;&|<>*?~!%-{}()[]'.split('')),
  fc.constantFrom(
    '\n\n',
    '$(HOME)',
    '$$',
    '\\n',
    '🔑',
    'é',
    '€',
    '\u{10000}',
    '\u{10ffff}',
    '\ud7ff',
    '\ufeff',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll(/['\0]/g, '')),
)
const harmful = fc.oneof(
  fc.constantFrom("'", '\0', '\r\n', 'it\'s "quoted"').map((text) => Buffer.from(text)),
  fc.uint8Array({ minLength: 1, maxLength: 4 }).map((some) => Buffer.from(some)),
  fc.constantFrom(...sequences),
)
const parts = fc.array(
  harmless.map((text) => Buffer.from(text)),
  { maxLength: 10 },
)
const made = fc
  .tuple(parts, fc.option(harmful, { freq: 2 }), parts)
  .map(([before, between, after]) => Buffer.concat([...before, between ?? Buffer.of(), ...after]))

/** Short values. */
export const shortValues: readonly Buffer[] = [
  ...everyByte,
  ...sequences,
  ...torn,
  ...outOfBounds.map(hex),
  ...texts.flat().map((text) => Buffer.from(text)),
]

/** Returns values at the bounds of length. */
export const longValues = (maxBytes: number): readonly Buffer[] => [
  ...longLines,
  ...[maxBytes, maxBytes + 1].map(ofBytes),
]

/** Returns generated values, the same on every run. */
export const madeValues = (count: number): readonly Buffer[] => fc.sample(made, { seed: 135, numRuns: count })

/** The result for a value: the env file's variable, or the message of the failed init container. */
export interface Outcome {
  readonly value: Buffer
  readonly variable?: Buffer
  readonly said?: string
}

/** Returns the wrong outcomes: a different value, a refusal without a reason, or a wrong reason. */
export const wrongOutcomes = (
  outcomes: readonly Outcome[],
  { secret, maxBytes }: { readonly secret: string; readonly maxBytes: number },
): readonly Json[] =>
  outcomes
    .filter(({ value, variable, said }) => {
      const rules = brokenRules(value, maxBytes)
      if (rules.length === 0) return variable?.equals(value) !== true
      return variable !== undefined || !rules.some((rule) => said === refusalOf(secret, rule))
    })
    .map(({ value, variable, said }) => ({
      value: JSON.stringify(value.toString('latin1').slice(0, 80)),
      bytes: value.length,
      rules: brokenRules(value, maxBytes),
      variable: variable && JSON.stringify(variable.toString('latin1').slice(0, 80)),
      said,
    }))
