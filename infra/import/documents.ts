import { readDocument } from '../../lib/yaml/document.ts'
import { printable } from '../../lib/admission/status.ts'
import { wrongUsage } from '../failure.ts'
import type { FlyteFile } from './shapes.ts'

/** The YAML documents of a text, each with the lines that it has there. */
export const documentsOf = ({ name, text }: FlyteFile): readonly FlyteFile[] => {
  const parts = text.split(/^---(?=\s|$)/m)
  let line = 0
  return parts.map((part) => {
    const before = line
    line += part.split('\n').length - 1
    return { name, text: `${'\n'.repeat(before)}${part}` }
  })
}

/** A document as plain data. One whose syntax is wrong is wrong usage: no part of it is quoted. */
export const plainData = (file: FlyteFile, read: typeof readDocument = readDocument): unknown => {
  const { value, flaws } = read(file.text)
  const [flaw] = flaws
  if (flaw === undefined) return value
  throw wrongUsage(`${printable(file.name)}:${flaw.line}: ${flaw.message}`)
}
