import { isProse, type SourceText } from './source-texts.ts'

/** What a message is made of: the texts of the code that stand in it. Undefined where the code cannot make it. */
type Derive = (message: string) => ReadonlySet<SourceText> | undefined

/**
 * Derives messages from the texts of the code: a message is a text, or a template whose gaps are filled by messages, by what
 * stands in angle brackets, or by nothing but signs. The more fixed text a template has, the earlier it is tried.
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

/** Whether nothing but signs is left without what stands in angle brackets. */
const isFree = (message: string): boolean => !/\p{L}/u.test(message.replaceAll(/<[^<>]+>/g, ''))

const fixedLength = (text: SourceText): number => text.join('').length

/** Every way to fill the gaps of a template so that it is the message. */
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

/** A text as a person would write it down: `<…>` where something is put in. */
const written = (text: SourceText): string => text.join('<…>')

/** The texts that a person could read and that stand in none of the messages, and the messages that no text makes. */
export const compare = (texts: readonly SourceText[], messages: readonly string[]) => {
  const derive = createGrammar(texts)
  const derived = messages.map((message) => ({ message, from: derive(message) }))
  const used = new Set(derived.flatMap(({ from }) => [...(from ?? [])].map(written)))
  return {
    missing: [...new Set(texts.filter(isProse).map(written))].filter((text) => !used.has(text)),
    stale: derived.filter(({ from }) => from === undefined || from.size === 0).map(({ message }) => message),
  }
}
