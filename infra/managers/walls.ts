import { type AnyNode, type Node, parse } from 'acorn'
import { full } from 'acorn-walk'
import * as kit from '../../lib/manager-kit/kit.ts'
import { sourcePlaces } from './source-places.ts'

/** A place in a manager's source that violates a wall. */
interface Breach {
  /** `doppler.ts:12`. */
  readonly where: string
  readonly what: string
}

const world = 'a manager has no access to the outside world'
export const namesRequire = `names require: ${world}`
export const importsLater = `imports while it runs: ${world}`
const code = 'a manager cannot create code while it runs'
const atOnce = 'a manager must answer at once, without waiting'
export const waitsAtTop = `waits while it is loaded: ${atOnce}`
const log = "a manager cannot write to the function's log"

/**
 * Names by which a manager could reach the world around it, create code, or answer later. The check prevents accidents, not
 * malice: whoever writes the configuration can also write the function.
 */
const refused: ReadonlyMap<string, string> = new Map([
  ...['process', 'globalThis', 'global', 'require', '__dirname', '__filename'].map(
    (name) => [name, world] as const,
  ),
  ...['fetch', 'WebSocket', 'EventSource', 'navigator'].map((name) => [name, world] as const),
  ...['eval', 'Function', 'WebAssembly'].map((name) => [name, code] as const),
  ...['Promise', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(
    (name) => [name, atOnce] as const,
  ),
  ['console', log],
])

/**
 * Finds forbidden names in a manager's bundled code. `map` is its source map, as JSON. Minified code has new, short names for
 * everything it declares, so a forbidden name always means the global one.
 */
export const breachesIn = (bundled: string, map: string): readonly Breach[] => {
  const placeOf = sourcePlaces(map)
  const breaches: Breach[] = []
  const refuse = (what: string, { start }: Pick<Node, 'start'>): void => {
    const before = bundled.slice(0, start).split('\n')
    const where = placeOf({ line: before.length, column: before.at(-1)?.length ?? 0 }) ?? 'its code'
    breaches.push({ where, what })
  }
  full(parse(bundled, { ecmaVersion: 'latest', sourceType: 'module' }), (node) => {
    const what = breachOf(node)
    if (what !== undefined) refuse(what, node)
  })
  return breaches
}

/** Says which rule a node violates, if any. */
const breachOf = (node: AnyNode): string | undefined => {
  switch (node.type) {
    case 'Identifier': {
      const why = refused.get(node.name)
      return why && `names ${node.name}: ${why}`
    }
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return node.async ? `has an async function: ${atOnce}` : undefined
    case 'ImportExpression':
      return importsLater
    case 'MetaProperty':
      return node.meta.name === 'import' ? `names import.meta: ${world}` : undefined
    case 'ImportDeclaration': {
      const names = node.specifiers.flatMap((one) =>
        one.type === 'ImportSpecifier' && 'name' in one.imported ? one.imported.name : [],
      )
      const foreign = names.filter((name) => !Object.hasOwn(kit, name))
      return foreign.length === 0 ? undefined : `imports ${foreign.join(', ')}, which the kit does not have`
    }
    default:
      return undefined
  }
}
