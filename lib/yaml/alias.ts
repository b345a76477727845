import type { Alias, Document } from 'yaml'

/** The node that an alias refers to; undefined if there is no such anchor before it. */
export type ResolveAlias = (alias: Alias) => unknown

/** The parser searches the whole document for each alias, and a short file can use one alias very often. */
export const resolverOf = (document: Document): ResolveAlias => {
  const targets = new Map<Alias, unknown>()
  return (alias) => {
    if (!targets.has(alias)) targets.set(alias, alias.resolve(document))
    return targets.get(alias)
  }
}
