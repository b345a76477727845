import type { SecretManager } from '../../lib/manager-kit/manager.ts'
import type { Found } from '../../lib/pod/merge.ts'
import type { SecretRequest } from '../../lib/request/secret-request.ts'
import { podFacts, requestOf } from '../../lib/manager-testing/samples.ts'

export type Asked = readonly [manager: SecretManager, fields: Partial<SecretRequest>]

/** Returns what real managers find for the requests `flyte.secrets/s0`, `s1` and so on. */
export const found = (...asked: readonly Asked[]): Promise<readonly Found[]> =>
  Promise.all(
    asked.map(async ([manager, fields], index) => {
      const annotation = `flyte.secrets/s${index}`
      const request = requestOf({ annotation, ...fields })
      const said = await manager.resolve(request, podFacts(), new AbortController().signal)
      if (said.kind !== 'found') throw new Error(`${manager.name} does not find ${JSON.stringify(fields)}`)
      return { annotation, manager: manager.name, wants: said.wants }
    }),
  )
