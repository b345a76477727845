import type { Refusal } from '../../lib/errors.ts'
import type { ManagerAnswer, Traced } from '../../lib/managers/lookup.ts'
import type { Want } from '../../lib/manager-kit/wants.ts'
import { requestDocument } from './readable-request.ts'
import { type Answering, wayOutOf } from './way-out.ts'

/** What one manager said of a request. */
export type ManagerSaid = { readonly manager: string } & (
  | ({ readonly said: 'found' } & Gives)
  | {
      readonly said: 'not mine'
      readonly why: string
      /** What in the configuration would let it serve the request. */
      readonly wayOut?: string
    }
  | { readonly said: 'failed'; readonly why: string }
)

/** What the pod gets from a manager, by name: no value is here. */
export interface Gives {
  readonly variables: readonly string[]
  /** Those of them that the kubelet reads from a file, which an init container writes. */
  readonly variablesFromFiles: readonly string[]
  readonly files: readonly string[]
  /** Those that every pod gets. */
  readonly annotations: readonly string[]
  /** An init container fetches or writes the file. */
  readonly byInitContainer: boolean
}

/** How such a variable arrives. */
export const fromFile = 'read by the kubelet from a file that an init container writes'

/** Why a manager does not serve a request, and what would change that. */
export const withWayOut = ({ why, wayOut }: Extract<ManagerSaid, { said: 'not mine' }>): string =>
  wayOut === undefined ? why : `${why}; ${wayOut}`

/** Why a request is served as it is: the managers that were asked, in their order, or why it cannot be read. */
export type Explanation = { readonly annotation: string } & (
  | ({ readonly asked: readonly ManagerSaid[] } & ReturnType<typeof requestDocument>)
  | { readonly broken: string }
)

/** Explains each request of a pod: those that cannot be read first, the others as they were served. */
export const explain = (
  broken: readonly Refusal[],
  traced: readonly Traced[],
  answering: Answering,
): readonly Explanation[] => [
  ...broken.map(({ by, why }): Explanation => ({ annotation: by[0], broken: why })),
  ...traced.map(
    ({ request, asked }): Explanation => ({
      annotation: request.annotation,
      ...requestDocument(request),
      asked: asked.map((answer) => saidBy(answer, answering)),
    }),
  ),
]

const saidBy = ({ manager, said }: ManagerAnswer, answering: Answering): ManagerSaid => {
  switch (said.kind) {
    case 'found':
      return { manager, said: 'found', ...givenBy(said.wants) }
    case 'not-mine': {
      const wayOut = wayOutOf(manager, said.reason, answering)
      return { manager, said: 'not mine', why: said.reason, ...(wayOut === undefined ? {} : { wayOut }) }
    }
    case 'failed':
      return { manager, said: 'failed', why: said.error.message }
  }
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
