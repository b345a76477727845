import { isNonEmpty, type NonEmpty } from '../../lib/errors.ts'
import { literal, notMine, type SecretManager } from '../../lib/manager-kit/manager.ts'
import type { PullContainer, Want } from '../../lib/manager-kit/wants.ts'

/** The variable without which no request is served. */
export const variable = literal('A', '1')

/** A manager made for a test: what it wants for each key, and the containers that it makes. */
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
