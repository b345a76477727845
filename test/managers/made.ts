import { isNonEmpty, type NonEmpty } from '../../lib/errors.ts'
import { literal, notMine, type SecretManager } from '../../lib/manager-kit/manager.ts'
import type { PullContainer, Want } from '../../lib/manager-kit/wants.ts'

/** A variable, without which a request is not served. */
export const variable = literal('A', '1')

/** Creates a manager for a test, with its wants for each key and its containers. */
export const madeFor = (
  wants: Readonly<Record<string, readonly Want[]>>,
  containers?: NonEmpty<PullContainer>,
): SecretManager => ({
  name: 'Azure',
  resolve({ key }) {
    const own = wants[key] ?? []
    return isNonEmpty(own) ? { kind: 'found', wants: own } : notMine('it needs a key')
  },
  ...(containers === undefined ? {} : { pullContainers: () => containers }),
})
