import { calledService } from '../../registration/ownership.ts'
import { registrationRef } from '../../registration/registration.ts'
import type { ClusterFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'
import { fewOf } from '../few-of.ts'
import type { FlyteDeployment } from '../flyte-deployments.ts'
import { otherPodWebhooks } from '../pod-webhooks.ts'
import { rivalsOf, type RivalWebhook } from '../rival-webhooks.ts'

/**
 * Checks that Flyte's own webhook does not write its registration, as it does at each start, and is not registered for pods that
 * this webhook serves.
 */
export const flyteWebhookCheck: Check<ClusterFacts> = {
  name: 'flyte-webhook',
  look: (facts) =>
    faultsOr(
      [...whenKnown(facts.flyteDeployments, (found) => found.map(faultOf)), ...rivalFaults(facts)],
      'it does not register itself, and no other webhook receives the same pods',
    ),
}

/** If this webhook is not registered, no pod can go to two. */
const rivalFaults = ({
  registration,
  registered,
  configurations,
  namespaces,
}: ClusterFacts): readonly Verdict[] => {
  if (registration.kind === 'unknown' || registered.kind === 'unknown') return []
  const own = registered.value.webhook
  const object = registration.value
  const beside = { ...object, webhooks: object?.webhooks?.filter(({ name }) => name !== own.name) ?? [] }
  return whenKnown(configurations, (others) =>
    whenKnown(namespaces, (known) =>
      rivalsOf({ own, configurations: [beside, ...others], namespaces: known }).map((rival) =>
        faultOfRival(rival, object?.metadata?.name),
      ),
    ),
  )
}

const faultOfRival = (
  { configuration, webhook, namespaces }: RivalWebhook,
  ownConfiguration: string | undefined,
): Verdict => {
  const service = calledService(webhook)
  return problem(
    `MutatingWebhookConfiguration ${configuration} receives the same pods, in ${fewOf(namespaces)}, and calls ${service === undefined ? 'another URL' : `the Service ${service}`}`,
    configuration === ownConfiguration
      ? 'divide the namespaces as in docs/migrate.md'
      : `kubectl delete mutatingwebhookconfiguration ${configuration}, or divide the namespaces as in docs/migrate.md; Flyte 1 does not rewrite it if its chart sets webhook.enabled: false (flyte-core) or flyte-core-components.propeller.disableWebhook: true (flyte-binary)`,
  )
}

const faultOf = ({ name, namespace, runs }: FlyteDeployment): Verdict => {
  switch (runs) {
    case 'webhook':
      return problem(
        `Deployment ${namespace}/${name} runs it: at its next start it takes over the registration ${registrationRef.metadata.name} for its own`,
        `kubectl --namespace ${namespace} scale deployment ${name} --replicas=0, and remove it from your chart's values; or set webhook.disableCreateMutatingWebhookConfig: true in its configuration`,
      )
    case 'binary':
      return warning(
        `Deployment ${namespace}/${name} runs all of Flyte in one process, and no ConfigMap switches its webhook off`,
        'set flyte.propeller.disableWebhook: true in its configuration',
      )
    case 'flyte2':
      return warning(
        `Deployment ${namespace}/${name} runs Flyte 2, which registers its webhook at each start`,
        'make that registration select no namespace: see docs/migrate.md',
      )
  }
}

/** Checks that every webhook for pods still has its Service. */
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
            `${webhook.name} calls the Service ${service.namespace}/${service.name}, which does not exist: ${isFatal ? 'its pods are not created' : 'each of its pods waits until the time-out'}`,
            `if its program is uninstalled: kubectl delete mutatingwebhookconfiguration ${configuration}`,
          )
        })
        return faultsOr(faults, 'all other webhooks for pods have their Service')
      }),
    ),
}
