import type { AnyDescription } from '../manager-kit/definition.ts'
import { formatPath, type Path } from '../yaml/path.ts'
import type { Config } from './config.ts'
import { makesOf } from './described-manager.ts'
import { placesOf } from './manager-keys.ts'

/** What a manager needs to make variables from files (`function.envFiles`, specification §4.8). */
export type EnvFileWay =
  /** It needs nothing else. */
  | { readonly kind: 'as-configured' }
  /** It needs another value for one of its keys. */
  | {
      readonly kind: 'choice'
      readonly key: string
      readonly path: Path
      readonly value: string
      readonly write: string
    }

/** Taken from its own definition: the first choice that works. Undefined if env files make no difference to the manager. */
export const envFileWayOf = (manager: AnyDescription, config: Config): EnvFileWay | undefined => {
  const doesIt = (instead: Readonly<Record<string, string>>): boolean =>
    makesOf(manager, config, { envFiles: true }, instead) !==
    makesOf(manager, config, { envFiles: false }, instead)
  if (doesIt({})) return { kind: 'as-configured' }
  const [choice] = choicesOf(manager).flatMap(({ path, key, values }) =>
    values
      .filter((value) => doesIt({ [key]: value }))
      .map((value) => ({ key, path, value, write: `${formatPath(path)}: ${value}` })),
  )
  return choice && { kind: 'choice', ...choice }
}

/** The keys of a manager that offer a choice of words. */
export const choicesOf = (
  manager: AnyDescription,
): readonly { readonly path: Path; readonly key: string; readonly values: readonly string[] }[] =>
  placesOf(manager).flatMap(({ path, keys }) =>
    Object.entries(keys).flatMap(([key, one]) =>
      one.kind === 'oneOf' ? [{ path: [...path, key], key, values: one.of }] : [],
    ),
  )

/** The managers that support env files, each with what it needs: `AWS (with function.aws.fetcher: cli)`. */
export const envFileManagers = (managers: readonly AnyDescription[], config: Config): readonly string[] =>
  managers.flatMap((manager) => {
    const way = envFileWayOf(manager, config)
    if (way === undefined) return []
    return way.kind === 'choice' ? `${manager.name} (with ${way.write})` : manager.name
  })
