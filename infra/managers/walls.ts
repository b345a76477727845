import { SourceMap, type SourceMapPayload } from 'node:module'
import { parse } from 'acorn'
import { simple } from 'acorn-walk'

/** A place in a source of a manager that a wall refuses. */
export interface Breach {
  /** `doppler.ts:12`. */
  readonly where: string
  readonly what: string
}

/**
 * By these a manager could reach the world around it, or make code. The check guards against accident, not malice: whoever
 * writes the configuration can write the function too.
 */
const refused: ReadonlySet<string> = new Set([
  'process',
  'fetch',
  'globalThis',
  'global',
  'eval',
  'Function',
  'require',
])

/** What a manager's bundled code names and may not. `map` is its source map, as JSON. */
export const breachesIn = (code: string, map: string): readonly Breach[] => {
  // oxlint-disable-next-line typescript/no-unsafe-assignment -- esbuild wrote it
  const payload: SourceMapPayload = JSON.parse(map)
  const sourceMap = new SourceMap(payload)
  const breaches: Breach[] = []
  const refuse = (what: string, { start }: { readonly start: number }): void => {
    const before = code.slice(0, start).split('\n')
    const entry = sourceMap.findEntry(before.length - 1, before.at(-1)?.length ?? 0)
    const where = 'originalSource' in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : 'its code'
    breaches.push({ where, what })
  }
  simple(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }), {
    Identifier: (node) => {
      if (refused.has(node.name)) refuse(`names ${node.name}, which a manager may not use`, node)
    },
    ImportExpression: (node) => refuse('imports while it runs, which a manager may not do', node),
    MetaProperty: (node) => refuse('names import.meta, which a manager may not use', node),
  })
  return breaches
}
