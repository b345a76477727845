/** The blocks of a language in a chapter of a Markdown file, from its heading (`## …`) to the next of that level, in order. */
export const blocksOf = (markdown: string, heading: string, language: string): readonly string[] => {
  const chapter = markdown.split(/^## /m).find((one) => one.startsWith(`${heading}\n`))
  if (chapter === undefined) throw new Error(`there is no chapter "${heading}"`)
  return blocksIn(chapter, language)
}

/** The blocks of a language in a part of a Markdown file, in order. */
export const blocksIn = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  )

/** The headings of a Markdown file's chapters (`## …`), in order. */
export const headingsOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)

/** A table in Markdown; a `|` in a cell has to be escaped. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** An item of a list in Markdown with some lines, each on a line of its own on the screen too. */
export const markdownItem = (lines: readonly string[]): string => `- ${lines.join('\\\n  ')}`
