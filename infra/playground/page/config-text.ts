import { type Document, isMap, isScalar, type Pair, parseDocument, YAMLMap } from 'yaml'
import type { Profile } from '../../../lib/config/config.ts'
import { functionDefaults } from '../../../lib/config/defaults.ts'
import type { EnvFileWay } from '../../../lib/config/env-file-way.ts'
import { alwaysAsked } from '../../../lib/managers/built-in.ts'

/** Changes the profile in the text of a `webhook.yaml`. Keeps everything else, including comments. */
export const withProfile = (text: string, profile: Profile): string =>
  edited(text, (document) => set(document, ['function', 'profile'], profile))

/**
 * Changes the managers, in the order in which they are asked. An empty list leaves only those that are always asked. The list
 * is a key of Flyte 2, so the effective profile is written with it (specification §8).
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

/** Turns on variables from files in all clusters, with the choices that managers need for it (specification §4.8). */
export const withEnvFiles = (text: string, ways: readonly EnvFileWay[]): string =>
  edited(text, (document) => {
    set(document, ['function', 'envFiles'], true)
    for (const way of ways) if (way.kind === 'choice') set(document, way.path.map(String), way.value)
  })

/** Edits YAML. Returns an invalid text unchanged: the page shows its problems. Sections can repeat (`lib/yaml/document.ts`). */
const edited = (text: string, edit: (document: Document) => void): string => {
  const document = parseDocument(text, { uniqueKeys: false })
  if (document.errors.length > 0) return text
  edit(document)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** Sets a value in the last of several sections, which wins. `function:` with nothing below it is null, which has no keys. */
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

/** Returns the pairs of a mapping with a key, in upper or lower case. */
const pairsOf = (mapping: unknown, name: string): readonly Pair[] =>
  isMap(mapping)
    ? mapping.items.filter(
        ({ key }) => isScalar(key) && String(key.value).toLowerCase() === name.toLowerCase(),
      )
    : []
