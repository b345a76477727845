import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { codeExtension, projectRoot } from '../project-root.ts'

/** The checked code of a manager that a configuration adds. */
interface OutsideCode {
  readonly name: string
  readonly code: string
}

/** Returns those of the managers that a configuration adds. */
export const outsideCodeOf = (definitions: readonly AnyDefinition[]): readonly OutsideCode[] =>
  definitions.flatMap(({ name, origin }) => (origin === undefined ? [] : [{ name, code: origin.code }]))

/** Returns the statements that import the managers as `outside0`, `outside1`, …, in order. */
export const outsideImports = (managers: readonly Pick<OutsideCode, 'name'>[]): readonly string[] =>
  managers.map(({ name }, index) => `import outside${index} from 'outside:${name}'`)

/** Lets a bundle import managers as `outside:<name>`: exactly the checked code, with this project's kit. */
export const outsideCode = (managers: readonly OutsideCode[]): Plugin => ({
  name: 'outside-code',
  setup: (building) => {
    building.onResolve({ filter: /^outside:/ }, ({ path }) => ({ path, namespace: 'outside' }))
    building.onLoad({ filter: /./, namespace: 'outside' }, ({ path }) => ({
      contents: managers.find(({ name }) => path === `outside:${name}`)?.code ?? '',
      resolveDir: projectRoot,
    }))
    building.onResolve({ filter: /^flyte-webhook\/manager$/ }, () => ({ path: kitFile }))
  },
})

const kitFile = join(projectRoot, `lib/manager-kit/kit${codeExtension}`)
