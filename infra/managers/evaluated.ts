import { compileFunction } from 'node:vm'
import { transform } from 'esbuild'
import * as kit from '../../lib/manager-kit/kit.ts'
import { sentenceOf } from '../failure.ts'
import { kitName, type ManagerCode } from './bundled-manager.ts'
import { sourcePlaces } from './source-places.ts'

/** The default export of a manager's code, or why it is missing. */
export type Evaluated =
  | { readonly kind: 'exported'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: string }

/** The name of the code in a stack trace. */
const fileName = 'manager-from-outside.js'

/** Runs a manager's code with this instance of the kit. */
export const evaluate = async ({ code, map }: ManagerCode): Promise<Evaluated> => {
  // esbuild continues the source map that it finds in the code.
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`
  const options = { format: 'cjs', target: 'node24', sourcemap: 'external' } as const
  const commonJs = await transform(`${code}\n${inline}\n`, options)
  const module = { exports: {} as { default?: unknown } }
  const require = (name: string): unknown => {
    if (name === kitName) return kit
    throw new Error(`it imports ${name}`)
  }
  try {
    const run = compileFunction(commonJs.code, ['module', 'exports', 'require'], { filename: fileName })
    Reflect.apply(run, undefined, [module, module.exports, require])
    return { kind: 'exported', value: module.exports.default }
  } catch (error) {
    const where = placeOf(error, commonJs.map) ?? 'it'
    return { kind: 'problem', problem: `${where} throws while it is loaded: ${sentenceOf(error)}` }
  }
}

/** Returns the place in the manager's own sources that threw the error. */
const placeOf = (error: unknown, map: string): string | undefined => {
  const stack = error instanceof Error ? error.stack : undefined
  const [, line, column] = new RegExp(`${fileName}:(\\d+):(\\d+)`).exec(stack ?? '') ?? []
  return line === undefined || column === undefined
    ? undefined
    : sourcePlaces(map)({ line: Number(line), column: Number(column) - 1 })
}
