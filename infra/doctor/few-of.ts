const maxNamed = 3

/** Lists the first names, and counts the rest: `a, b, c and 2 more`. */
export const fewOf = (names: readonly string[]): string => {
  const rest = names.length - maxNamed
  const named = names.slice(0, maxNamed).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}
