import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import { codeExtension, projectRoot } from '../project-root.ts'

/** The code of a manager that a configuration brings, as it was checked. */
interface OutsideCode {
  readonly name: string
  readonly code: string
}

/** The managers among these that a configuration brings. */
export const outsideCodeOf = (definitions: readonly AnyDefinition[]): readonly OutsideCode[] =>
  definitions.flatMap(({ name, origin }) => (origin === undefined ? [] : [{ name, code: origin.code }]))

/** What imports the managers as `outside0`, `outside1`, …, in their order. */
export const outsideImports = (managers: readonly Pick<OutsideCode, 'name'>[]): readonly string[] =>
  managers.map(({ name }, index) => `import outside${index} from 'outside:${name}'`)

/** Lets a bundle import managers as `outside:<name>`: the very code that was checked, with this project's kit. */
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
