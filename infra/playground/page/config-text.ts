import { type Document, isMap, parseDocument } from 'yaml'
import type { Profile } from '../../../lib/config/config.ts'
import { functionDefaults } from '../../../lib/config/defaults.ts'
import type { ManagerName } from '../../../lib/manager-names.ts'

/** The text of a `webhook.yaml` with another profile; all else in it stays, comments too. */
export const withProfile = (text: string, profile: Profile): string =>
  edited(text, (document) => set(document, ['function', 'profile'], profile))

/**
 * The same with other managers, in the order in which they are asked; none stands for Global alone, which is always asked.
 * The list of managers is Flyte 2's, so the profile that applies is written beside it (specification §8).
 */
export const withManagers = (text: string, managers: readonly ManagerName[]): string =>
  edited(text, (document) => {
    if (!document.getIn(['function', 'profile']))
      set(document, ['function', 'profile'], functionDefaults.profile)
    const listed = document.createNode(managers.length === 0 ? ['Global'] : managers, { flow: true })
    set(document, ['webhook', 'secretManagerTypes'], listed)
    document.deleteIn(['webhook', 'secretManagerType'])
  })

/** A text that is no YAML stays as it is: its problems are shown. */
const edited = (text: string, edit: (document: Document) => void): string => {
  const document = parseDocument(text)
  if (document.errors.length > 0) return text
  edit(document)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** `function:` without anything below it is null, which holds no keys. */
const set = (document: Document, [section, key]: readonly [string, string], value: unknown): void => {
  if (document.has(section) && !isMap(document.get(section))) document.delete(section)
  document.setIn([section, key], value)
}
