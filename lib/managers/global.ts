import type { Description } from '../manager-kit/definition.ts'
import type { Keys } from '../manager-kit/keys.ts'
import { needsGroupAndKey, type Reason } from '../manager-kit/reason.ts'
import type { SecretStore } from '../stores/secret-store.ts'
import { firstDefined, map } from '../maybe-later.ts'
import { WebhookError } from '../errors.ts'
import { type GroupRule, groupRuling, isGuarded } from './group-rules.ts'
import { asVariable, notMine, type Resolution, type SecretManager } from '../manager-kit/manager.ts'

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

/** The same words whether or not such a secret exists. */
const keptFromPod = 'function.globalSecrets.allow does not give the group to this pod'
const kept = new WebhookError('not-allowed', keptFromPod)

const makesVariablesOnly = 'it makes only variables, but the request wants a file'
const noRule = 'no rule of function.globalSecrets.allow names the group'
const holdsNone = 'it has no secret with this group and key'

/** @public docs/troubleshooting.md is made from them. */
export const reasons: readonly Reason[] = [
  {
    says: [makesVariablesOnly],
    why: '`Global` only makes variables. The request for a `FILE` goes on to the next manager.',
    todo: 'Ask for `ENV_VAR` or `ANY`, or add a manager that makes files to `webhook.secretManagerTypes`.',
  },
  {
    says: [holdsNone],
    why: "`Global` looked in the function's environment (`FLYTE_SECRET_<GROUP>_<KEY>`), in its files and in the secrets of `function.globalSecrets.secretsManager`.",
    todo: 'If another manager should have the secret, ignore this reason. If not, add the secret in one of these places and deploy. Names of variables are in upper case.',
  },
  {
    says: [noRule],
    why: 'With `allow`, `Global` only serves the groups that its rules name.',
    todo: 'If another manager should have the secret, ignore this reason. If not, add a rule for the group and deploy.',
  },
  {
    says: [keptFromPod],
    why: 'A rule does not allow this cluster, namespace or user. The message is the same whether the secret exists or not. `function.onFailure: admit` does not change it.',
    todo: 'Ask the operator for access. The operator adds the namespace, cluster or user to the rule and deploys. `flyte-webhook preview --user … --cluster …` tests a rule.',
  },
]

/** Secrets that the function itself holds, injected as plain variables (specification §4.1). */
export const createGlobal = ({ envVarPrefix, stores, allow }: GlobalOptions): SecretManager => ({
  name: 'Global',
  resolve(request, pod, signal) {
    const { group, key } = request
    if (group === '' || key === '') return notMine(needsGroupAndKey)
    if (request.mountRequirement === 'FILE') return notMine(makesVariablesOnly)
    const ruling = allow === undefined ? 'given' : groupRuling(allow, group, pod)
    if (ruling === 'unnamed') return notMine(noRule)
    if (ruling === 'kept') return { kind: 'failed', error: kept }
    const answer = firstDefined(stores, (store) =>
      map(store.get(group, key, signal), (said) =>
        said.kind === 'absent' ||
        (said.kind === 'value' && allow !== undefined && isGuarded(said.groups, allow, { group, pod }))
          ? undefined
          : said,
      ),
    )
    return map(answer, (given): Resolution => {
      if (given === undefined) return notMine(holdsNone)
      if (given.kind === 'failed') return given
      const source = { kind: 'literal', value: given.value } as const
      return { kind: 'found', wants: asVariable(request, { group, envVarPrefix, source }) }
    })
  },
})
