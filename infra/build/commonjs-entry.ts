import { relative, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { projectRoot } from '../project-root.ts'

/**
 * Exports the names of an entry point by `module.exports`, as Node's CommonJS does. esbuild's own output lets exports change
 * later, which takes 450 bytes more. To use it, name an entry point `commonjs:<path>`.
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
