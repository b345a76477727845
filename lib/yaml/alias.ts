import type { Alias, Document } from 'yaml'

/** What an alias stands for; undefined where there is no such anchor before it. */
export type ResolveAlias = (alias: Alias) => unknown

/** The parser looks through the whole document for each alias, and a short file can use one alias very often. */
export const resolverOf = (document: Document): ResolveAlias => {
  const targets = new Map<Alias, unknown>()
  return (alias) => {
    if (!targets.has(alias)) targets.set(alias, alias.resolve(document))
    return targets.get(alias)
  }
}
