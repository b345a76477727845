import type { AnyDescription } from '../manager-kit/definition.ts'
import { valueAt } from './plain-data.ts'
import type { ConfigFinding, Path } from './problem.ts'
import type { WebhookYaml } from './schema.ts'

/** Flyte 1's `flyteplugins/go/tasks/pluginmachinery/secret/config` does not have them (specification §8). */
const flyte2Keys = (managers: readonly AnyDescription[]): readonly string[] => [
  'secretManagerTypes',
  'secretEnvVarPrefix',
  ...managers.flatMap(({ section, isOfFlyte2 }) => (isOfFlyte2 && section !== undefined ? [section] : [])),
]
const profilePath: Path = ['function', 'profile']

/** Keys of Flyte 2 in a file that does not say whose defaults apply: read as Flyte 1 they would mean something else. */
export const findFlyte2Keys = (
  input: WebhookYaml,
  written: unknown,
  managers: readonly AnyDescription[],
): readonly ConfigFinding[] =>
  input.function?.profile
    ? []
    : flyte2Keys(managers)
        .map((key): Path => ['webhook', key])
        .filter((path) => valueAt(written, path) !== undefined)
        .map((path) => ({
          path,
          message:
            'is a key of Flyte 2, and function.profile is missing: write function.profile: flyte2, or flyte1 to keep the defaults of Flyte 1',
          reads: [profilePath],
        }))
