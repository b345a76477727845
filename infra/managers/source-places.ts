import { SourceMap, type SourceMapPayload } from 'node:module'

/** A place in code, its line counted from 1 and its column from 0. */
interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Returns a function that maps a place in code to its source, by a source map in JSON: `managers/doppler.ts:12`, or undefined.
 */
export const sourcePlaces = (map: string): ((place: Place) => string | undefined) => {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- esbuild wrote it
  const payload: SourceMapPayload = JSON.parse(map)
  const sourceMap = new SourceMap(payload)
  return ({ line, column }) => {
    const entry = sourceMap.findEntry(line - 1, column)
    return 'originalSource' in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : undefined
  }
}
