import { relative, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { projectRoot } from '../project-root.ts'

/**
 * Hands over what an entry point exports by `module.exports`, as Node's CommonJS does. What esbuild itself writes for an ES
 * module lets exports change later, in 450 bytes more. An entry point that is built with it is named `commonjs:<path>`.
 */
export const commonjsEntry = (exported: readonly string[]): Plugin => ({
  name: 'commonjs-entry',
  setup: (building) => {
    building.onResolve({ filter: /^commonjs:/ }, ({ path }) => ({
      path: path.slice('commonjs:'.length),
      namespace: 'commonjs',
    }))
    building.onLoad({ filter: /./, namespace: 'commonjs' }, ({ path }) => {
      const module = `./${relative(projectRoot, resolve(projectRoot, path))}`
      const names = `{ ${exported.join(', ')} }`
      return {
        contents: `'use strict'\nimport ${names} from '${module}'\nmodule.exports = ${names}\n`,
        resolveDir: projectRoot,
      }
    })
  },
})
