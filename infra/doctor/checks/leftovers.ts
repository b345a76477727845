import { calledService } from '../../registration/ownership.ts'
import { registrationRef } from '../../registration/registration.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'
import { fewOf } from '../few-of.ts'
import type { FlyteDeployment } from '../flyte-deployments.ts'
import { otherPodWebhooks } from '../pod-webhooks.ts'
import { rivalsOf, type RivalWebhook } from '../rival-webhooks.ts'

/**
 * That Flyte's own webhook neither writes its registration, which it would do at each start, nor is registered for pods that
 * this webhook serves.
 */
export const flyteWebhookCheck: Check<ClusterFacts> = {
  name: 'flyte-webhook',
  look: (facts) =>
    faultsOr(
      [...whenKnown(facts.flyteDeployments, (found) => found.map(faultOf)), ...rivalFaults(facts)],
      'none registers itself, and none is registered for the same pods',
    ),
}

/** Where this webhook is not registered, no pod can go to two. */
const rivalFaults = ({ registered, configurations, namespaces }: ClusterFacts): readonly Verdict[] =>
  registered.kind === 'unknown'
    ? []
    : whenKnown(configurations, (all) =>
        whenKnown(namespaces, (known) =>
          rivalsOf({ own: registered.value.webhook, configurations: all, namespaces: known }).map(
            faultOfRival,
          ),
        ),
      )

const faultOfRival = ({ configuration, webhook, namespaces }: RivalWebhook): Verdict => {
  const service = calledService(webhook)
  return problem(
    `MutatingWebhookConfiguration ${configuration} takes the same pods, in ${fewOf(namespaces)}, and calls ${service === undefined ? 'another URL' : `the Service ${service}`}`,
    `kubectl delete mutatingwebhookconfiguration ${configuration}, or divide the namespaces as docs/migrate.md does; Flyte 1 does not write it again where its chart sets webhook.enabled: false (flyte-core) or flyte-core-components.propeller.disableWebhook: true (flyte-binary)`,
  )
}

const faultOf = ({ name, namespace, runs }: FlyteDeployment): Verdict => {
  switch (runs) {
    case 'webhook':
      return problem(
        `Deployment ${namespace}/${name} runs it: at its next start it takes the registration ${registrationRef.metadata.name} for its own`,
        `kubectl --namespace ${namespace} scale deployment ${name} --replicas=0, and take it out of your chart's values; or set webhook.disableCreateMutatingWebhookConfig: true in its configuration`,
      )
    case 'binary':
      return warning(
        `Deployment ${namespace}/${name} is all of Flyte in one process, and none of its ConfigMaps switches its webhook off`,
        'set flyte.propeller.disableWebhook: true in its configuration',
      )
    case 'flyte2':
      return warning(
        `Deployment ${namespace}/${name} runs Flyte 2, which registers its webhook at each start`,
        'let that registration choose no namespace: docs/migrate.md says how',
      )
  }
}

/** That no webhook for pods is left whose Service is gone. */
export const servicesCheck: Check<ClusterFacts> = {
  name: 'services',
  look: ({ configurations, services }) =>
    whenKnown(configurations, (all) =>
      whenKnown(services, (known) => {
        const names = new Set(known.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`))
        const faults = otherPodWebhooks(all).flatMap(({ configuration, webhook }) => {
          const { service } = webhook.clientConfig
          if (service === undefined || names.has(`${service.namespace}/${service.name}`)) return []
          const isFatal = webhook.failurePolicy !== 'Ignore'
          return (isFatal ? problem : warning)(
            `${webhook.name} calls the Service ${service.namespace}/${service.name}, which does not exist: ${isFatal ? 'its pods are not created' : 'each of its pods waits for it in vain'}`,
            `if what it belonged to is uninstalled: kubectl delete mutatingwebhookconfiguration ${configuration}`,
          )
        })
        return faultsOr(faults, 'all other webhooks for pods have their Service')
      }),
    ),
}
