import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from 'yaml'
import { resolverOf, type ResolveAlias } from './alias.ts'
import { layersOf, mergeKey } from './merge-key.ts'
import { formatPath, type Path } from './path.ts'
import { mergeLater } from './repeated-section.ts'
import { syntaxErrorsOf } from './syntax-error.ts'

/** A YAML file as plain data, with the line of each key. */
export interface YamlDocument {
  /** Null for an empty file; undefined for wrong syntax. */
  readonly value: unknown
  /** The line of a key or an item, or of the nearest written ancestor. */
  lineOf(path: Path): number | undefined
  readonly flaws: readonly Flaw[]
  /** Notices about valid content. */
  readonly notices: readonly Flaw[]
}

/** Decides how keys and scalars are read, by their place. */
export interface Loader {
  /** The key in its canonical spelling. */
  spell(parent: Path, key: string): string
  /** The value of a scalar; `written` is its text, without quotes. */
  convert(path: Path, value: unknown, written: string): unknown
  /** Whether a list of mappings stands for one mapping with all their keys. */
  mergesList(path: Path): boolean
}

const asWritten: Loader = { spell: (_, key) => key, convert: (_, value) => value, mergesList: () => false }

/** The place of a value. */
interface Place {
  readonly path: Path
  readonly line: number
}

/** A fault of a file that is found before its meaning is checked. */
export interface Flaw extends Place {
  readonly message: string
}

interface Reading {
  readonly resolve: ResolveAlias
  readonly loader: Loader
  /** The first line of a node; the other line if nothing is written, as after a key without a value. */
  readonly lineOfNode: (node: unknown, otherwise: number) => number
  readonly lines: Map<string, number>
  readonly flaws: Flaw[]
  readonly notices: Flaw[]
}

/** A configuration needs a few hundred values; aliases can expand a short file to billions. */
const maxValues = 10_000
const maxDepth = 50
const noAnchor = 'refers to an anchor that is not defined before it'
const twice = 'duplicate key: remove one'
const reservedKey = 'unknown key'
const tooLarge = `contains more than ${maxValues} values, or nests them more than ${maxDepth} levels deep, after its aliases are expanded`

/**
 * Reads one YAML 1.2 document, with the merge keys of YAML 1.1. Merges a top-level section that occurs twice. No flaw quotes a
 * value.
 */
export const readDocument = (text: string, loader: Loader = asWritten): YamlDocument => {
  const lineCounter = new LineCounter()
  // Flyte's loader accepts an empty document at the end.
  const document = parseDocument(text.replace(/(?<=^|\n)---\s*$/, ''), {
    lineCounter,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  })
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line
  const syntax = syntaxErrorsOf(document, lineAt).map((error): Flaw => ({ path: [], ...error }))
  if (syntax.length > 0) return { value: undefined, lineOf: () => undefined, flaws: syntax, notices: [] }

  const lines = new Map<string, number>()
  const flaws: Flaw[] = []
  const notices: Flaw[] = []
  const lineOfNode: Reading['lineOfNode'] = (node, otherwise) =>
    isNode(node) && node.range ? lineAt(node.range[0]) : otherwise
  const firstLine = lineOfNode(document.contents, 1)
  lines.set(formatPath([]), firstLine)
  const reading: Reading = { resolve: resolverOf(document), loader, lineOfNode, lines, flaws, notices }
  const value = read(reading, document.contents, { path: [], line: firstLine })
  return { value, flaws, notices, lineOf: (path) => nearestLine(lines, path) }
}

const nearestLine = (lines: ReadonlyMap<string, number>, path: Path): number | undefined =>
  lines.get(formatPath(path)) ?? (path.length === 0 ? undefined : nearestLine(lines, path.slice(0, -1)))

const read = (reading: Reading, node: unknown, { path, line }: Place): unknown => {
  if (isScalar(node)) {
    const written = typeof node.value === 'string' ? node.value : (node.source ?? '')
    return reading.loader.convert(path, node.value, written)
  }
  if (reading.lines.size > maxValues || path.length > maxDepth) {
    if (!reading.flaws.some((flaw) => flaw.message === tooLarge)) {
      reading.flaws.push({ path: [], line, message: tooLarge })
    }
    return null
  }
  if (isAlias(node)) {
    const target = reading.resolve(node)
    if (target === undefined) reading.flaws.push({ path, line, message: noAnchor })
    return read(reading, target, { path, line })
  }
  if (isMap(node)) return readMap(reading, [node], { path, line })
  if (!isSeq(node)) return null
  const items = node.items.map((item) => (isAlias(item) ? reading.resolve(item) : item))
  return reading.loader.mergesList(path) && items.every(isMap)
    ? readMap(reading, items, { path, line })
    : readSequence(reading, node.items, { path, line })
}

const readMap = (reading: Reading, nodes: readonly YAMLMap[], { path, line }: Place): unknown => {
  const object: Record<string, unknown> = {}
  const layers = nodes.map((node) =>
    layersOf(node, reading.resolve, (key, message) => {
      reading.flaws.push({ path: [...path, mergeKey], line: reading.lineOfNode(key, line), message })
    }),
  )
  const written = layers.flatMap(([own = []]) => own)
  for (const layer of [written, ...layers.flatMap(([, ...merged]) => merged)]) {
    const own = new Set<string>()
    for (const { key: keyNode, value } of layer) {
      // The option stringKeys has already refused every other key.
      const key = reading.loader.spell(path, isScalar(keyNode) ? String(keyNode.value) : '')
      const place = { path: [...path, key], line: reading.lineOfNode(keyNode, line) }
      if (key === '__proto__') reading.flaws.push({ ...place, message: reservedKey })
      else if (!Object.hasOwn(object, key)) object[key] = readChild(reading, value, place)
      else if (own.has(key) && path.length === 0) object[key] = readAgain(reading, object[key], value, place)
      else if (own.has(key)) reading.flaws.push({ ...place, message: twice })
      own.add(key)
    }
  }
  return object
}

const readChild = (reading: Reading, node: unknown, place: Place): unknown => {
  reading.lines.set(formatPath(place.path), place.line)
  return read(reading, node, place)
}

/** Reads a repeated section and merges it into the earlier ones. */
const readAgain = (reading: Reading, before: unknown, node: unknown, place: Place): unknown => {
  const lines = new Map(reading.lines)
  const later = readChild(reading, node, place)
  const message = `also in line ${nearestLine(lines, place.path)}: the two are merged, as Flyte merges a section from several files`
  reading.notices.push({ ...place, message })
  return mergeLater(before, later, (below) => {
    const path = [...place.path, ...below]
    reading.notices.push({
      path,
      line: nearestLine(reading.lines, path) ?? place.line,
      message: `overrides line ${nearestLine(lines, path)}, because it comes later`,
    })
  })
}

const readSequence = (reading: Reading, items: readonly unknown[], { path, line }: Place): unknown =>
  items.map((item, index) => {
    const childPath = [...path, index]
    const childLine = reading.lineOfNode(item, line)
    return readChild(reading, item, { path: childPath, line: childLine })
  })
