import type { AnyDescription } from '../manager-kit/definition.ts'
import { folded } from '../folded-name.ts'
import { matches } from '../name-pattern.ts'
import { secretNameOf } from '../secret-name.ts'
import { everyKey } from './manager-keys.ts'
import { present, valueAt } from '../yaml/plain-data.ts'
import type { ConfigFinding } from './problem.ts'
import type { Path } from '../yaml/path.ts'
import type { WebhookYaml } from './schema.ts'

const clustersPath: Path = ['function', 'callers', 'clusters']
const anonymousPath: Path = ['function', 'callers', 'anonymous']
const secretsManagerPath: Path = ['function', 'globalSecrets', 'secretsManager']
const groupsPath: Path = ['function', 'globalSecrets', 'allow']
const envFilesPath: Path = ['function', 'envFiles']

/** Rules of `globalSecrets.allow` and `embedded.allow` that can never match (specification §4.1). */
export const findImpossibleRules = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] => [...findUnprovedClusters(input, managers), ...findUnservedGroups(input)]

/** Clusters in rules that have no token in the file; the parameter of the stack may have more tokens. */
export const findUnknownClusters = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] => {
  const { clusters = {}, anonymous } = input.function?.callers ?? {}
  if (anonymous) return []
  const withToken = Object.entries(clusters ?? {}).flatMap(([name, { tokenSha256 }]) =>
    tokenSha256?.length ? [name] : [],
  )
  return clusterPatterns(input, managers)
    .filter(({ pattern }) => !withToken.some((name) => matches(pattern, name)))
    .map(({ path }) => ({
      path,
      message:
        "matches no cluster with a token in function.callers.clusters: check the name, unless the token comes from the stack's parameter callerTokenSha256",
      reads: [clustersPath],
    }))
}

const findUnprovedClusters = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] =>
  input.function?.callers?.anonymous
    ? clusterLists(input, managers)
        .filter(({ clusters }) => clusters)
        .map(({ path }) => ({
          path,
          message:
            'cannot be enforced, because with function.callers.anonymous callers name their own cluster: remove one of the two',
          reads: [anonymousPath],
        }))
    : []

/** `FLYTE_SECRET_DB_ADMIN_PASSWORD` has two readings, so with rules the environment serves no group with `_` (specification §4.1). */
const findUnservedGroups = ({ function: own, secrets }: WebhookYaml): readonly ConfigFinding[] => {
  if (secrets?.['secrets-prefix']) return []
  const listed = new Set(
    present(own?.globalSecrets?.secretsManager ?? []).map(({ secretId, group }) =>
      folded(group ?? secretNameOf(secretId)),
    ),
  )
  const isUnserved = (group: string): boolean =>
    group.includes('_') && !group.includes('*') && !listed.has(folded(group))
  return (own?.globalSecrets?.allow ?? []).flatMap((rule, index) =>
    namesAt([...groupsPath, index, 'groups'], rule?.groups)
      .filter(({ pattern }) => isUnserved(pattern))
      .map(({ path }) => ({
        path,
        message:
          "names a group that nothing serves: with rules, the function's environment serves only groups without _. Add the group to function.globalSecrets.secretsManager, or set secrets.secrets-prefix if files contain it",
        reads: [secretsManagerPath, ['secrets', 'secrets-prefix']],
      })),
  )
}

type Names = readonly (string | undefined)[] | null | undefined

/** A list of clusters and its path. */
interface ClusterList {
  readonly clusters: Names
  readonly path: Path
}

/** The clusters that `envFiles`, the rules of `globalSecrets.allow`, and such rules of managers name. */
const clusterLists = (input: WebhookYaml, managers: readonly AnyDescription[]): readonly ClusterList[] => [
  { clusters: namesIn(valueAt(input, envFilesPath)), path: envFilesPath },
  ...[
    groupsPath,
    ...everyKey(managers).flatMap(({ path, key }) =>
      key.kind === 'list' && 'clusters' in key.keys ? [path] : [],
    ),
  ].flatMap((path) => {
    const rules = valueAt(input, path)
    return Array.isArray(rules)
      ? rules.map((rule, index) => ({
          clusters: namesIn(valueAt(rule, ['clusters'])),
          path: [...path, index, 'clusters'],
        }))
      : []
  }),
]

const namesIn = (written: unknown): Names => (Array.isArray(written) ? written : undefined)

const clusterPatterns = (input: WebhookYaml, managers: readonly AnyDescription[]) =>
  clusterLists(input, managers).flatMap(({ clusters, path }) => namesAt(path, clusters))

const namesAt = (path: Path, names: Names): readonly { readonly pattern: string; readonly path: Path }[] =>
  (names ?? []).flatMap((pattern, index) =>
    pattern === undefined ? [] : [{ pattern, path: [...path, index] }],
  )
