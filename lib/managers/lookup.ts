import type { SecretRequest } from '../request/secret-request.ts'
import { all, firstDefined, map, type MaybeLater } from '../maybe-later.ts'
import type { PodFacts, Resolution, SecretManager } from '../manager-kit/manager.ts'

/** What one manager said of a request. */
export interface ManagerAnswer {
  readonly manager: string
  readonly said: Resolution
}

/** A request and what every manager that was asked said of it, in the order of asking; the last answer decides. */
export interface Traced {
  readonly request: SecretRequest
  readonly asked: readonly ManagerAnswer[]
}

/**
 * Asks the managers in their order for each request until one does not pass it on (specification §3). The requests
 * are resolved side by side and answered in their order. This is the only step of an admission that may wait, and it
 * waits only where a manager does.
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
