import { envFileWayOf } from '../../../lib/config/env-file-way.ts'
import type { DescribedManager } from '../../../lib/config/described-manager.ts'
import { makesFilesOnly } from '../../../lib/manager-kit/reason.ts'
import type { LoadedConfig } from '../../config/config-file.ts'
import type { Explanation } from '../../preview/explanation.ts'
import type { Preview } from '../../preview/preview.ts'
import { askedManagers, exampleFor } from './asked-fields.ts'
import { loadedBy } from './configured.ts'
import { withEnvFiles } from './config-text.ts'
import { outcomeOf, type PageOutcome } from './outcome.ts'
import type { State } from './state.ts'

/** A change that lets more of a pod's requests be served. */
export interface Fix {
  /** The text of its button. */
  readonly label: string
  readonly fields: Partial<State>
  /** It asks for other secrets, so it is the last resort. */
  readonly replacesRequests?: true
}

/** Whether a request gets its secret. */
export const isServed = (request: Explanation): boolean =>
  'asked' in request && request.asked.at(-1)?.said === 'will inject'

/** Returns the managers that would serve a request as a file, but were asked for a variable. */
export const filesOnlyIn = ({ requests }: Preview): readonly string[] => [
  ...new Set(
    requests
      .flatMap((request) => ('asked' in request ? request.asked : []))
      .filter((said) => said.said === 'skipped' && said.why === makesFilesOnly)
      .map(({ manager }) => manager),
  ),
]

/** Returns what would let a denied pod through. Tries each candidate with the code that denied the pod. */
export const fixesFor = async (
  state: State,
  outcome: PageOutcome,
  signal: AbortSignal,
): Promise<readonly Fix[]> => {
  const { answer } = outcome
  const loaded = loadedBy(state.config)
  if (answer?.kind !== 'previewed' || answer.preview.refused === undefined || loaded === undefined) return []
  const before = unservedIn(outcome)
  const candidates = candidatesFor(state, outcome, loaded)
  const after = await Promise.all(
    candidates.map(({ fields }) => outcomeOf({ ...state, ...fields }, signal).then(unservedIn)),
  )
  const helping = candidates.filter((_, index) => (after[index] ?? before) < before)
  const kept = helping.filter(({ replacesRequests }) => !replacesRequests)
  return kept.length > 0 ? kept : helping
}

/** Counts the requests that get nothing. A refusal for another reason counts as one. */
const unservedIn = ({ answer }: PageOutcome): number => {
  if (answer?.kind !== 'previewed') return Number.POSITIVE_INFINITY
  const { requests, refused } = answer.preview
  const unserved = requests.filter((request) => !isServed(request)).length
  return refused === undefined ? 0 : Math.max(unserved, 1)
}

const candidatesFor = (state: State, { rows, answer }: PageOutcome, loaded: LoadedConfig): readonly Fix[] => {
  const isUnserved = (row: number): boolean => {
    const said = rows[row]
    return said !== undefined && !isServed(said)
  }
  const mounted = (mountRequirement: 'FILE' | 'ENV_VAR'): Partial<State> => ({
    requests: state.requests.map((one, row) => (isUnserved(row) ? { ...one, mountRequirement } : one)),
  })
  const [first] = askedManagers(loaded)
  const exampleFix = (manager: DescribedManager): Fix => {
    const { requests, namespace } = exampleFor(manager)
    return {
      label: `Ask for an example of ${manager.name}`,
      replacesRequests: true,
      fields: {
        requests: state.requests.flatMap((one, row) => (isUnserved(row) ? requests : one)),
        ...(namespace === '' ? {} : { namespace }),
      },
    }
  }
  const filesOnly = answer?.kind === 'previewed' ? filesOnlyIn(answer.preview) : []
  const ways = loaded.definitions
    .filter(({ name }) => filesOnly.includes(name))
    .flatMap((manager) => envFileWayOf(manager, loaded.config) ?? [])
  return [
    { label: 'Ask for FILE', fields: mounted('FILE') },
    { label: 'Ask for ENV_VAR', fields: mounted('ENV_VAR') },
    ...(ways.length === 0
      ? []
      : [{ label: 'Turn on env files', fields: { config: withEnvFiles(state.config, ways) } }]),
    ...(first === undefined ? [] : [exampleFix(first)]),
  ]
}
