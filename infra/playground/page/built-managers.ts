import * as kit from '../../../lib/manager-kit/kit.ts'
import type { OutsideDefinition } from '../../../lib/managers/outside.ts'
import { guarded, type OutsideManagerDefinition } from '../../managers/guarded.ts'

/** What `configured.js`, which runs before the page's own script, hands over. */
interface BuiltFor {
  readonly managers: readonly BuiltManager[]
  readonly config: string | undefined
}

/** A manager from outside that was checked when the script was made: its code as a CommonJS module. */
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

/** The managers from outside that the page runs. Their kit is the page's own instance. */
export const builtManagers: readonly OutsideManagerDefinition[] = managers.flatMap(
  ({ from, sha256, run }) => {
    const module: { exports: { readonly default?: OutsideDefinition } } = { exports: {} }
    run(module, module.exports, () => kit)
    const { default: definition } = module.exports
    return definition === undefined ? [] : [guarded(definition, { from, sha256, code: '' })]
  },
)

/** The text of the configuration that the page was built for, which it begins with. */
export const builtConfig: string | undefined = config
