/** Returns the code blocks of a language in a chapter, in order. A chapter runs from its heading (`## …`) to the next of that level. */
export const blocksOf = (markdown: string, heading: string, language: string): readonly string[] => {
  const chapter = markdown.split(/^## /m).find((one) => one.startsWith(`${heading}\n`))
  if (chapter === undefined) throw new Error(`there is no chapter "${heading}"`)
  return blocksIn(chapter, language)
}

/** Returns the code blocks of a language in a Markdown text, in order. */
export const blocksIn = (markdown: string, language: string): readonly string[] =>
  [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, of, text = '']) =>
    of === language ? [text] : [],
  )

/** Returns the headings of a Markdown file's chapters (`## …`), in order. */
export const headingsOf = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading)

/** Formats a Markdown table. Escape each `|` in a cell. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** Formats a Markdown list item that renders each line on its own line. */
export const markdownItem = (lines: readonly string[]): string => `- ${lines.join('\\\n  ')}`
