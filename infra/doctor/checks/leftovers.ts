import { registrationRef } from '../../registration/registration.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'
import type { FlyteDeployment } from '../flyte-deployments.ts'
import { otherPodWebhooks } from '../pod-webhooks.ts'

/** That no webhook of Flyte runs in the cluster: it would write the registration anew at each start. */
export const flyteWebhookCheck: Check<ClusterFacts> = {
  name: 'flyte-webhook',
  look: ({ flyteDeployments }) =>
    whenKnown(flyteDeployments, (found) => faultsOr(found.map(faultOf), 'none runs in the cluster')),
}

const faultOf = ({ name, namespace, runs }: FlyteDeployment): Verdict => {
  switch (runs) {
    case 'webhook':
      return problem(
        `Deployment ${namespace}/${name} runs it: at its next start it takes the registration ${registrationRef.metadata.name} for its own`,
        `kubectl --namespace ${namespace} scale deployment ${name} --replicas=0, and take it out of your chart's values`,
      )
    case 'binary':
      return warning(
        `Deployment ${namespace}/${name} is all of Flyte in one process, and no ConfigMap beside it switches its webhook off`,
        'set webhook.disableCreateMutatingWebhookConfig: true in its configuration; Flyte 2 has no such switch: docs/migrate.md',
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
