import { readDocument } from '../../lib/yaml/document.ts'
import { printable } from '../../lib/admission/status.ts'
import { wrongUsage } from '../failure.ts'
import type { FlyteFile } from './shapes.ts'

/** Splits a text into its YAML documents, each with its original line numbers. */
export const documentsOf = ({ name, text }: FlyteFile): readonly FlyteFile[] => {
  const parts = text.split(/^---(?=\s|$)/m)
  let line = 0
  return parts.map((part) => {
    const before = line
    line += part.split('\n').length - 1
    return { name, text: `${'\n'.repeat(before)}${part}` }
  })
}

/** Parses a document into plain data. Invalid syntax is wrong usage, and the message quotes no part of the document. */
export const plainData = (file: FlyteFile, read: typeof readDocument = readDocument): unknown => {
  const { value, flaws } = read(file.text)
  const [flaw] = flaws
  if (flaw === undefined) return value
  throw wrongUsage(`${printable(file.name)}:${flaw.line}: ${flaw.message}`)
}
