import { readFile, writeFile } from 'node:fs/promises'

const marks = (name: string, command: string): readonly [string, string] => [
  `<!-- ${name}: written by \`${command}\` -->`,
  `<!-- ${name}: end -->`,
]

/** The part of a Markdown file that a command writes. The rest is written by hand. */
export interface MarkedSection {
  /** Unique in its file. */
  readonly name: string
  /** The command that writes the section, such as `npm run docs`. */
  readonly command: string
}

/** Replaces the text between the marks of a section. Throws unless the document has both marks, in order. */
export const withSection = (document: string, { name, command }: MarkedSection, text: string): string => {
  const [begin, end] = marks(name, command)
  const from = document.indexOf(begin)
  const to = document.indexOf(end, from)
  if (from === -1 || to === -1)
    throw new Error(`write these two lines where the section "${name}" belongs:\n${begin}\n${end}`)
  return `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`
}

/** Replaces a section of a file. */
export const writeSection = async (file: string, section: MarkedSection, text: string): Promise<void> =>
  writeFile(file, withSection(await readFile(file, 'utf8'), section, text))
