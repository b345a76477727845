import type { Description } from '../manager-kit/definition.ts'
import type { Keys } from '../manager-kit/keys.ts'
import type { SecretStore, StoreAnswer } from '../stores/secret-store.ts'
import { WebhookError } from '../errors.ts'
import { type GroupRule, groupRuling } from './allow.ts'
import {
  asVariable,
  notMine,
  type PodFacts,
  type Resolution,
  type SecretManager,
} from '../manager-kit/manager.ts'

/** Secrets that the function itself holds; always asked first. Its keys are in `secrets` and `function.globalSecrets`. */
export const global = {
  name: 'Global',
  summary: 'secrets of the function: from its environment, its files, and AWS Secrets Manager',
  makes: 'variables',
  reader: 'function',
  isAlwaysAsked: true,
  keys: {},
} as const satisfies Description<Keys, Keys>

export interface GlobalOptions {
  /** `webhook.secretEnvVarPrefix`. */
  readonly envVarPrefix: string
  /** Asked in this order; the first that has the secret wins. */
  readonly stores: readonly SecretStore[]
  /** `function.globalSecrets.allow`; without it every pod gets every group. */
  readonly allow?: readonly GroupRule[]
}

/** Said in the same words whether or not there is such a secret. */
const kept = new WebhookError(
  'not-allowed',
  'function.globalSecrets.allow does not give the group to this pod',
)

/** Secrets that the function itself holds, injected as plain variables (specification §4.1). */
export const createGlobal = ({ envVarPrefix, stores, allow }: GlobalOptions): SecretManager => ({
  name: 'Global',
  async resolve(request, pod, signal): Promise<Resolution> {
    const { group, key } = request
    if (group === '' || key === '') return notMine('it needs a group and a key')
    if (request.mountRequirement === 'FILE')
      return notMine('it can make variables only, and the request wants a file')
    const ruling = allow === undefined ? 'given' : groupRuling(allow, group, pod)
    if (ruling === 'unnamed') return notMine('no rule of function.globalSecrets.allow names the group')
    if (ruling === 'kept') return { kind: 'failed', error: kept }
    for (const store of stores) {
      const answer = await store.get(group, key, signal)
      if (answer.kind === 'failed') return answer
      if (answer.kind === 'absent' || isGuarded(answer, { allow, group, pod })) continue
      const source = { kind: 'literal', value: answer.value } as const
      return { kind: 'found', wants: asVariable(request, { group, envVarPrefix, source }) }
    }
    return notMine('it holds no secret of this group and key')
  },
})

interface Asked {
  readonly allow: readonly GroupRule[] | undefined
  readonly group: string
  readonly pod: PodFacts
}

/**
 * Whether a value that may be meant for several groups counts as absent for a pod. With rules only a group without `_` gets such
 * a value, and only where none of the groups is kept from the pod; a group that no rule names does not count (specification §4.1).
 */
const isGuarded = (
  { groups }: Extract<StoreAnswer, { kind: 'value' }>,
  { allow, group, pod }: Asked,
): boolean =>
  allow !== undefined &&
  groups !== undefined &&
  (group.includes('_') || groups.some((other) => groupRuling(allow, other, pod) === 'kept'))
