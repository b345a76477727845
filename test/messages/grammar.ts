import { isProse, type SourceText } from './source-texts.ts'

/** Returns the texts of the code that a message consists of, or undefined if the code cannot produce the message. */
type Derive = (message: string) => ReadonlySet<SourceText> | undefined

/**
 * Derives messages from the texts of the code. A message is a text, or a template with gaps. A gap holds messages,
 * placeholders in angle brackets, or only punctuation. Templates with more fixed text are tried earlier.
 */
const createGrammar = (texts: readonly SourceText[]): Derive => {
  const whole = new Map(texts.filter(({ length }) => length === 1).map((text) => [text[0], text]))
  const templates = texts
    .filter((text) => text.length > 1 && fixedLength(text) > 1)
    .toSorted((a, b) => fixedLength(b) - fixedLength(a))
  const known = new Map<string, ReadonlySet<SourceText> | undefined>()

  const fromTemplates = (message: string): ReadonlySet<SourceText> | undefined => {
    for (const template of templates) {
      for (const gaps of fillings(message, template)) {
        const parts = gaps.map(derive)
        if (parts.every((part) => part !== undefined))
          return new Set([template, ...parts.flatMap((part) => [...part])])
      }
    }
    return undefined
  }
  const derive: Derive = (message) => {
    if (isFree(message)) return new Set()
    const text = whole.get(message)
    if (text !== undefined) return new Set([text])
    if (!known.has(message)) known.set(message, fromTemplates(message))
    return known.get(message)
  }
  return derive
}

/** Whether a message has no letters outside angle brackets. */
const isFree = (message: string): boolean => !/\p{L}/u.test(message.replaceAll(/<[^<>]+>/g, ''))

const fixedLength = (text: SourceText): number => text.join('').length

/** Yields every way to fill the gaps of a template with parts of the message. */
const fillings = function* (
  message: string,
  [first = '', ...rest]: SourceText,
): Generator<readonly string[]> {
  if (!message.startsWith(first)) return
  const left = message.slice(first.length)
  const [next] = rest
  if (next === undefined) {
    if (left === '') yield []
    return
  }
  for (let end = left.indexOf(next); end >= 0 && end <= left.length; end = left.indexOf(next, end + 1)) {
    for (const others of fillings(left.slice(end), rest)) yield [left.slice(0, end), ...others]
    if (end === left.length) return
  }
}

/** Returns a text as a person would write it, with `<…>` for its gaps. */
const written = (text: SourceText): string => text.join('<…>')

/** Returns the readable texts that no message contains, and the messages that no text produces. */
export const compare = (texts: readonly SourceText[], messages: readonly string[]) => {
  const derive = createGrammar(texts)
  const derived = messages.map((message) => ({ message, from: derive(message) }))
  const used = new Set(derived.flatMap(({ from }) => [...(from ?? [])].map(written)))
  return {
    missing: [...new Set(texts.filter(isProse).map(written))].filter((text) => !used.has(text)),
    stale: derived.filter(({ from }) => from === undefined || from.size === 0).map(({ message }) => message),
  }
}
