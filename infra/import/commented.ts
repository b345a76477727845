/** A remark about a line of YAML. */
export interface Remark {
  /** Counted from 1. A remark about the whole document goes to the top. */
  readonly line: number | undefined
  readonly message: string
}

/** Adds remarks to YAML text, as comments above their lines and with the same indentation. */
export const commented = (text: string, top: readonly string[], remarks: readonly Remark[]): string => {
  const above = Map.groupBy(remarks, ({ line }) => line ?? 1)
  const lines = text.split('\n').flatMap((line, index) => {
    const [indentation = ''] = /^ */.exec(line) ?? []
    return [...(above.get(index + 1) ?? []).map(({ message }) => `${indentation}# ${message}`), line]
  })
  return [...top.map((line) => `# ${line}`), ...lines].join('\n')
}
