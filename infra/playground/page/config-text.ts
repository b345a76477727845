import { type Document, isMap, isScalar, type Pair, parseDocument, YAMLMap } from 'yaml'
import type { Profile } from '../../../lib/config/config.ts'
import { functionDefaults } from '../../../lib/config/defaults.ts'
import type { EnvFileWay } from '../../../lib/config/env-file-way.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'

/** The text of a `webhook.yaml` with another profile; all else in it stays, comments too. */
export const withProfile = (text: string, profile: Profile): string =>
  edited(text, (document) => set(document, ['function', 'profile'], profile))

/**
 * The same with other managers, in the order in which they are asked; none stands for those alone that are always asked. The
 * list of managers is a key of Flyte 2, so the profile that applies is written with it (specification §8).
 */
export const withManagers = (text: string, managers: readonly string[]): string =>
  edited(text, (document) => {
    const listed = document.createNode(managers.length === 0 ? alwaysAsked : managers, { flow: true })
    set(document, ['webhook', 'secretManagerTypes'], listed)
    for (const section of pairsOf(document.contents, 'webhook'))
      for (const { key } of pairsOf(section.value, 'secretManagerType')) removeFrom(section.value, key)
    const isWritten = pairsOf(document.contents, 'function').some(
      ({ value }) => pairsOf(value, 'profile').length > 0,
    )
    if (!isWritten) set(document, ['function', 'profile'], functionDefaults.profile)
  })

/** The same with variables from files in all clusters, and the choices that managers need for it (specification §4.8). */
export const withEnvFiles = (text: string, ways: readonly EnvFileWay[]): string =>
  edited(text, (document) => {
    set(document, ['function', 'envFiles'], true)
    for (const way of ways) if (way.kind === 'choice') set(document, way.path.map(String), way.value)
  })

/** A text that is no YAML stays as it is: its problems are shown. A section may stand twice, as in `lib/yaml/document.ts`. */
const edited = (text: string, edit: (document: Document) => void): string => {
  const document = parseDocument(text, { uniqueKeys: false })
  if (document.errors.length > 0) return text
  edit(document)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** The last of several sections wins. `function:` without anything below it is null, which holds no keys. */
const set = (document: Document, path: readonly string[], value: unknown): void => {
  if (!isMap(document.contents)) document.contents = document.createNode({})
  setIn(document.contents, path, document.createNode(value))
}

const setIn = (mapping: unknown, [key = '', ...rest]: readonly string[], value: unknown): void => {
  if (!isMap(mapping)) return
  const found = pairsOf(mapping, key).at(-1)
  if (rest.length === 0) return mapping.set(found?.key ?? key, value)
  const inner = isMap(found?.value) ? found.value : new YAMLMap()
  if (inner !== found?.value) mapping.set(found?.key ?? key, inner)
  setIn(inner, rest, value)
}

const removeFrom = (mapping: unknown, key: unknown): void => {
  if (isMap(mapping)) mapping.delete(key)
}

/** The pairs of a mapping with a key, in whatever case it is written. */
const pairsOf = (mapping: unknown, name: string): readonly Pair[] =>
  isMap(mapping)
    ? mapping.items.filter(
        ({ key }) => isScalar(key) && String(key.value).toLowerCase() === name.toLowerCase(),
      )
    : []
