/** What is to be said of a line of YAML. */
export interface Remark {
  /** Counted from 1; a remark on the whole stands at the top. */
  readonly line: number | undefined
  readonly message: string
}

/** Puts remarks into YAML text, as comments above the lines that they are about and with their indentation. */
export const commented = (text: string, top: readonly string[], remarks: readonly Remark[]): string => {
  const above = Map.groupBy(remarks, ({ line }) => line ?? 1)
  const lines = text.split('\n').flatMap((line, index) => {
    const [indentation = ''] = /^ */.exec(line) ?? []
    return [...(above.get(index + 1) ?? []).map(({ message }) => `${indentation}# ${message}`), line]
  })
  return [...top.map((line) => `# ${line}`), ...lines].join('\n')
}
