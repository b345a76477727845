import { stringify } from 'yaml'
import { profileDefaults } from '../../../lib/config/defaults.ts'
import { whatIsPasted } from '../../import/pasted.ts'
import { createMask } from '../../preview/mask.ts'
import { asking } from '../../preview/sample-review.ts'
import { configuredBy } from './configured.ts'
import { podIn, readPod } from './pod-text.ts'
import { emptyState, type State } from './state.ts'

/**
 * Returns a state whose link reveals no secret. Hides the values in a pod that was served before, as the preview does. Drops
 * a text that is not a pod, and a ConfigMap or Helm values in place of a `webhook.yaml`: they could contain anything.
 */
export const shareableOf = (state: State): State => {
  const config = whatIsPasted(state.config) === undefined ? state.config : emptyState.config
  return { ...state, config, pod: shareablePod(state) }
}

const shareablePod = ({ config, pod, requests }: State): string => {
  const document = readPod(pod)
  if (typeof document === 'string') return ''
  const { parsed } = configuredBy(config)
  const prefix =
    parsed.kind === 'config'
      ? parsed.config.webhook.secretEnvVarPrefix
      : profileDefaults.flyte1.secretEnvVarPrefix
  const { object } = document
  const masked = createMask(asking(podIn(document), requests), [], prefix)(object)
  return JSON.stringify(masked) === JSON.stringify(object)
    ? pod
    : stringify(masked, { lineWidth: 0, aliasDuplicateObjects: false })
}
