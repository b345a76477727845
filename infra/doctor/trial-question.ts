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

/** A pod that is to be tried, and what the webhook does to it when all is well. */
export interface TrialQuestion {
  readonly pod: JsonObject & ObjectRef
  /**
   * `secret`: it comes back with the variable `trialVariable`. `denial`: it asks for a secret that nobody has, because none of
   * the configured managers serves without looking into a store.
   */
  readonly expects: 'secret' | 'denial'
}

/** The variable in which the secret, or the path of its file, is asked for. */
export const trialVariable = trialRequest.envVar

/**
 * How the configured managers are tried: the first that can be tried in any namespace, else the first that can be tried at all. One
 * that is asked for some groups only might not be asked for that of a trial.
 */
const trialOf = ({ config, definitions }: LoadedConfig): Trial | undefined => {
  const trials = askedOf(config, definitions)
    .filter(({ name }) => config.function.managers?.[name]?.groups === undefined)
    .flatMap((definition) => described(definition, config).trial ?? [])
  return trials.find(({ namespace }) => namespace === undefined) ?? trials[0]
}

/** The pod that is tried with a configuration; undefined where no answer would tell anything. */
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

/** Where a trial is made unless the operator says so: some managers serve the pods of one namespace alone. */
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
