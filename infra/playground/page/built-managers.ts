import * as kit from '../../../lib/manager-kit/kit.ts'
import type { OutsideDefinition } from '../../../lib/managers/outside.ts'
import { guarded, type OutsideManagerDefinition } from '../../managers/guarded.ts'

/** What `configured.js` provides. It runs before the page's own script. */
interface BuiltFor {
  readonly managers: readonly BuiltManager[]
  readonly config: string | undefined
}

/** A manager from outside as a CommonJS module. It was checked when the script was built. */
interface BuiltManager {
  readonly from: string
  readonly sha256: string
  readonly run: (
    module: object,
    exports: { readonly default?: OutsideDefinition },
    require: () => unknown,
  ) => void
}

declare global {
  var builtFor: BuiltFor | undefined
}

const { managers, config } = globalThis.builtFor ?? { managers: [], config: undefined }

/** The managers from outside that the page runs. They use the page's instance of the kit. */
export const builtManagers: readonly OutsideManagerDefinition[] = managers.flatMap(
  ({ from, sha256, run }) => {
    const module: { exports: { readonly default?: OutsideDefinition } } = { exports: {} }
    run(module, module.exports, () => kit)
    const { default: definition } = module.exports
    return definition === undefined ? [] : [guarded(definition, { from, sha256, code: '' })]
  },
)

/** The text of the configuration that the page was built for, its initial one. */
export const builtConfig: string | undefined = config
