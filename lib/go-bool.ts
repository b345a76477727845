const words: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
])

/** Reads a boolean as Go's `strconv.ParseBool` does. Undefined for any other text. */
export const goBool = (text: string): boolean | undefined => words.get(text)
