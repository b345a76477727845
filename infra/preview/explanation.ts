import type { Refusal } from '../../lib/errors.ts'
import { described } from '../../lib/config/described-manager.ts'
import type { ManagerAnswer, Traced } from '../../lib/managers/lookup.ts'
import type { Want } from '../../lib/manager-kit/wants.ts'
import type { LoadedConfig } from '../config/config-file.ts'
import type { Existence } from '../existence/existence.ts'
import { requestDocument } from './readable-request.ts'
import { type Answering, wayOutOf } from './way-out.ts'

/** One manager's answer to a request. */
export type ManagerSaid = { readonly manager: string } & (
  | ({ readonly said: 'will inject'; readonly existence: Existence } & Gives)
  | {
      readonly said: 'skipped'
      readonly why: string
      /** The configuration that would make it serve the request. */
      readonly wayOut?: string
    }
  | { readonly said: 'failed'; readonly why: string }
)

/** What the pod gets from a manager: names, never values. */
export interface Gives {
  readonly variables: readonly string[]
  /** The subset that the kubelet reads from a file that an init container writes. */
  readonly variablesFromFiles: readonly string[]
  readonly files: readonly string[]
  /** Those set on every pod. */
  readonly annotations: readonly string[]
  /** Whether an init container fetches or writes the file. */
  readonly byInitContainer: boolean
}

/** Explains such a variable. */
export const fromFile = 'read by the kubelet from a file that an init container writes'

/** Says why a manager does not serve a request, and what would change that. */
export const withWayOut = ({ why, wayOut }: Extract<ManagerSaid, { said: 'skipped' }>): string =>
  wayOut === undefined ? why : `${why}; ${wayOut}`

/** How a request is served: the managers in the order they are asked, or why the request cannot be read. */
export type Explanation = { readonly annotation: string } & (
  | ({ readonly asked: readonly ManagerSaid[] } & ReturnType<typeof requestDocument>)
  | { readonly broken: string }
)

/** Explains each request of a pod: first the unreadable ones, then the others in the order they are served. */
export const explain = (
  broken: readonly Refusal[],
  traced: readonly Traced[],
  answering: Answering,
  checked: ReadonlyMap<Traced, Existence>,
): readonly Explanation[] => [
  ...broken.map(({ by, why }): Explanation => ({ annotation: by[0], broken: why })),
  ...traced.map(
    (one): Explanation => ({
      annotation: one.request.annotation,
      ...requestDocument(one.request),
      asked: one.asked.map((answer) => saidBy(answer, answering, checked.get(one))),
    }),
  ),
]

const saidBy = (
  { manager, said }: ManagerAnswer,
  answering: Answering,
  checked: Existence = { known: 'not checked' },
): ManagerSaid => {
  switch (said.kind) {
    case 'found':
      return {
        manager,
        said: 'will inject',
        existence: isRead(manager, answering) ? { known: 'value read' } : checked,
        ...givenBy(said.wants),
      }
    case 'not-mine': {
      const wayOut = wayOutOf(manager, said.reason, answering)
      return { manager, said: 'skipped', why: said.reason, ...(wayOut === undefined ? {} : { wayOut }) }
    }
    case 'failed':
      return { manager, said: 'failed', why: said.error.message }
  }
}

/** Returns whether the function itself reads the values of a manager. */
export const isRead = (name: string, { config, definitions }: LoadedConfig): boolean => {
  const manager = definitions.find((each) => each.name === name)
  return manager !== undefined && described(manager, config).reader === 'function'
}

const givenBy = (wants: readonly Want[]): Gives => ({
  variables: wants.flatMap((want) => (want.kind === 'variable' ? want.name : [])),
  variablesFromFiles: wants.flatMap((want) =>
    want.kind === 'variable' && want.sources.some(({ kind }) => kind === 'fileKeyRef') ? want.name : [],
  ),
  files: wants.flatMap((want) => (want.kind === 'file' ? want.path : [])),
  annotations: wants.flatMap((want) =>
    want.kind === 'annotation' && want.when === 'always' ? want.key : [],
  ),
  byInitContainer: wants.some(({ kind }) => kind === 'fetch'),
})
