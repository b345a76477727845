import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
} from 'yaml'
import { formatPath, type Path } from './problem.ts'
import { describeSyntaxError } from './syntax-error.ts'

/** A YAML file as plain data, with the lines its keys stand on. */
export interface YamlDocument {
  /** Null where the file is empty; undefined where its syntax is wrong. */
  readonly value: unknown
  /** The line of a key or an item, or of the nearest thing around it that is written down. */
  lineOf(path: Path): number | undefined
  readonly flaws: readonly Flaw[]
}

/** Where a value stands. */
interface Place {
  readonly path: Path
  readonly line: number
}

/** What is wrong with a file before its meaning is looked at. */
interface Flaw extends Place {
  readonly message: string
}

interface Reading {
  readonly document: Document
  /** The line that a node begins on; the other one where nothing is written, as after a key without a value. */
  readonly lineOfNode: (node: unknown, otherwise: number) => number
  readonly lines: Map<string, number>
  readonly flaws: Flaw[]
}

/** A configuration needs a few hundred values; aliases can unfold a short file to billions of them. */
const maxValues = 10_000
const maxDepth = 50
const noAnchor = 'refers to an anchor that does not stand before it'
const twice = 'stands twice: leave one out'
const reservedKey = 'is no key here'
const tooLarge = `holds more than ${maxValues} values, or nests them more than ${maxDepth} deep, once its aliases are unfolded`

/** Reads one YAML 1.2 document. No flaw quotes a value. */
export const readDocument = (text: string): YamlDocument => {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  })
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line
  const syntax = syntaxFlaws(document, lineAt)
  if (syntax.length > 0) return { value: undefined, lineOf: () => undefined, flaws: syntax }

  const lines = new Map<string, number>()
  const flaws: Flaw[] = []
  const lineOfNode: Reading['lineOfNode'] = (node, otherwise) =>
    isNode(node) && node.range ? lineAt(node.range[0]) : otherwise
  const firstLine = lineOfNode(document.contents, 1)
  lines.set(formatPath([]), firstLine)
  const value = read({ document, lineOfNode, lines, flaws }, document.contents, { path: [], line: firstLine })
  return { value, flaws, lineOf: (path) => nearestLine(lines, path) }
}

const syntaxFlaws = (document: Document.Parsed, lineAt: (offset: number) => number): readonly Flaw[] => {
  const flaws = [...document.errors, ...document.warnings].map(
    (error): Flaw => ({
      path: [],
      line: lineAt(error.pos[0]),
      message: describeSyntaxError(error.code),
    }),
  )
  return [...new Map(flaws.map((flaw) => [`${flaw.line} ${flaw.message}`, flaw])).values()]
}

const nearestLine = (lines: ReadonlyMap<string, number>, path: Path): number | undefined =>
  lines.get(formatPath(path)) ?? (path.length === 0 ? undefined : nearestLine(lines, path.slice(0, -1)))

const read = (reading: Reading, node: unknown, { path, line }: Place): unknown => {
  if (isScalar(node)) return node.value
  if (reading.lines.size > maxValues || path.length > maxDepth) {
    if (!reading.flaws.some((flaw) => flaw.message === tooLarge)) {
      reading.flaws.push({ path: [], line, message: tooLarge })
    }
    return null
  }
  if (isAlias(node)) {
    const target = node.resolve(reading.document)
    if (target === undefined) reading.flaws.push({ path, line, message: noAnchor })
    return read(reading, target, { path, line })
  }
  if (isMap(node)) return readMap(reading, node.items, path)
  return isSeq(node) ? readSequence(reading, node.items, { path, line }) : null
}

const readMap = (reading: Reading, pairs: readonly Pair[], path: Path): unknown => {
  const object: Record<string, unknown> = {}
  for (const { key: keyNode, value } of pairs) {
    // The option stringKeys has refused every other key already.
    const key = isScalar(keyNode) ? String(keyNode.value) : ''
    const line = reading.lineOfNode(keyNode, 1)
    const childPath = [...path, key]
    const message = Object.hasOwn(object, key) ? twice : key === '__proto__' ? reservedKey : undefined
    if (message !== undefined) {
      reading.flaws.push({ path: childPath, line, message })
      continue
    }
    reading.lines.set(formatPath(childPath), line)
    object[key] = read(reading, value, { path: childPath, line })
  }
  return object
}

const readSequence = (reading: Reading, items: readonly unknown[], { path, line }: Place): unknown =>
  items.map((item, index) => {
    const childPath = [...path, index]
    const childLine = reading.lineOfNode(item, line)
    reading.lines.set(formatPath(childPath), childLine)
    return read(reading, item, { path: childPath, line: childLine })
  })
