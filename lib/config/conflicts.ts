import type { AnyDescription } from '../manager-kit/definition.ts'
import { findImpossibleRules } from './allow-rules.ts'
import type { ConfigFinding } from './problem.ts'
import { findResourceConflicts } from './resource-conflicts.ts'
import type { WebhookYaml } from './schema.ts'
import { valueAt } from '../yaml/plain-data.ts'
import type { Path } from '../yaml/path.ts'

/** Finds combinations of valid keys that contradict each other. */
export const findConflicts = (
  input: WebhookYaml,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] => [
  ...findResourceConflicts(input, managers),
  ...findTwoSelectors(input),
  ...findImpossibleRules(input, managers),
]

const findTwoSelectors = (input: WebhookYaml): readonly ConfigFinding[] =>
  input.webhook?.namespaceSelector && input.function?.registration?.namespaceSelector
    ? [
        {
          path: ['webhook', 'namespaceSelector'],
          message: 'duplicates function.registration.namespaceSelector: remove one',
        },
      ]
    : []

/** Flyte 1's `flyteplugins/go/tasks/pluginmachinery/secret/config` does not have them (specification §8). */
const flyte2Keys = (managers: readonly AnyDescription[]): readonly string[] => [
  'secretManagerTypes',
  'secretEnvVarPrefix',
  ...managers.flatMap(({ section, isOfFlyte2 }) => (isOfFlyte2 && section !== undefined ? [section] : [])),
]
const profilePath: Path = ['function', 'profile']

/** The keys of Flyte 2 in a file, valid or not. */
export const flyte2KeysIn = (written: unknown, managers: readonly AnyDescription[]): readonly Path[] =>
  flyte2Keys(managers)
    .map((key): Path => ['webhook', key])
    .filter((path) => valueAt(written, path) !== undefined)

/** Keys of Flyte 2 in a file without a profile: read as Flyte 1 they would mean something else. */
export const findFlyte2Keys = (
  input: WebhookYaml,
  written: unknown,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] =>
  input.function?.profile
    ? []
    : flyte2KeysIn(written, managers).map((path) => ({
        path,
        message:
          'is a key of Flyte 2, but function.profile is missing: set function.profile: flyte2, or flyte1 to keep the defaults of Flyte 1',
        reads: [profilePath],
      }))
