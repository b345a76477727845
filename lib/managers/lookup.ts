import type { SecretRequest } from '../request/secret-request.ts'
import { all, firstDefined, map, type MaybeLater } from '../maybe-later.ts'
import type { PodFacts, Resolution, SecretManager } from '../manager-kit/manager.ts'

/** One manager's answer to a request. */
export interface ManagerAnswer {
  readonly manager: string
  readonly said: Resolution
}

/** A request and the answer of every manager that was asked, in the order of asking; the last answer decides. */
export interface Traced {
  readonly request: SecretRequest
  readonly asked: readonly ManagerAnswer[]
}

/**
 * Asks the managers in their order for each request until one does not pass it on (specification §3). It resolves the
 * requests in parallel and returns them in their order. Only this step of an admission may wait, and it waits only
 * if a manager does.
 */
export const lookup = (
  requests: readonly SecretRequest[],
  managers: readonly SecretManager[],
  pod: PodFacts,
  signal: AbortSignal,
): MaybeLater<readonly Traced[]> =>
  all(
    requests.map((request) => {
      const asked: ManagerAnswer[] = []
      const decided = firstDefined(managers, (manager) =>
        map(manager.resolve(request, pod, signal), (said) => {
          asked.push({ manager: manager.name, said })
          return said.kind === 'not-mine' ? undefined : said
        }),
      )
      return map(decided, (): Traced => ({ request, asked }))
    }),
  )
