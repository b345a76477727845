import type { LoadedConfig } from '../config/config-file.ts'
import type { JsonObject } from '../../lib/json.ts'
import { described } from '../../lib/config/described-manager.ts'
import type { Trial } from '../../lib/manager-kit/definition.ts'
import { askedOf } from '../../lib/secret-managers.ts'
import { trialRequest } from '../../lib/manager-kit/trial.ts'
import type { ObjectRef } from '../kubernetes/cluster.ts'
import type { RequestFields } from '../preview/readable-request.ts'
import { asking } from '../preview/sample-review.ts'
import { trialContainer, trialSecurity } from './trial-container.ts'

/** A pod to try, and what the webhook should do with it. */
export interface TrialQuestion {
  readonly pod: JsonObject & ObjectRef
  /**
   * `secret`: the pod comes back with the variable `trialVariable`. `denial`: it asks for a secret that does not exist, because
   * every configured manager needs a store.
   */
  readonly expects: 'secret' | 'denial'
}

/** The variable for the secret, or for the path of its file. */
export const trialVariable = trialRequest.envVar

/**
 * Returns the first trial of the configured managers that works in any namespace, or else the first one. Skips managers with
 * `groups`, which might not include that of a trial.
 */
const trialOf = ({ config, definitions }: LoadedConfig): Trial | undefined => {
  const trials = askedOf(config, definitions)
    .filter(({ name }) => config.function.managers?.[name]?.groups === undefined)
    .flatMap((definition) => described(definition, config).trial ?? [])
  return trials.find(({ namespace }) => namespace === undefined) ?? trials[0]
}

/** Returns the pod to try with a configuration; undefined if no answer would mean anything. */
export const trialQuestionOf = (loaded: LoadedConfig, namespace: string): TrialQuestion | undefined => {
  const trial = trialOf(loaded)
  if (trial !== undefined) {
    const { mount: mountRequirement, group = trialRequest.group, labels = {} } = trial
    return {
      pod: trialPod(namespace, { ...trialRequest, group, mountRequirement }, labels),
      expects: 'secret',
    }
  }
  if (loaded.config.function.onFailure === 'admit') return undefined
  return { pod: trialPod(namespace, { ...trialRequest, mountRequirement: 'ENV_VAR' }), expects: 'denial' }
}

/** Returns the default namespace of a trial. Some managers serve pods of only one namespace. */
export const trialNamespaceOf = (loaded: LoadedConfig): string => trialOf(loaded)?.namespace ?? 'default'

const trialPod = (
  namespace: string,
  fields: RequestFields,
  labels: Readonly<Record<string, string>> = {},
): TrialQuestion['pod'] => {
  const metadata = { name: 'flyte-webhook-doctor', namespace }
  const pod = {
    metadata: { ...metadata, labels },
    spec: { ...trialSecurity(), containers: [trialContainer('main')] },
  }
  const asked = asking(pod, [fields])
  return { ...asked, apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, ...metadataOf(asked) } }
}

const metadataOf = ({ metadata }: JsonObject): object =>
  typeof metadata === 'object' && metadata !== null ? metadata : {}
