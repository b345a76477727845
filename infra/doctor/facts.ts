import type {
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
  V1Namespace,
  V1Pod,
  V1Service,
} from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import type { ProbeResult } from '../registration/probe.ts'
import type { WebhookUrl } from '../registration/webhook-url.ts'
import type { Slot } from '../tokens/slots.ts'
import type { EnvFileFacts } from './env-file-facts.ts'
import type { Fact } from './fact.ts'
import type { FlyteDeployment } from './flyte-deployments.ts'
import type { ServedCertificate } from './served-certificate.ts'
import type { Trial } from './trial.ts'

/** This project's webhook, as registered. */
export interface RegisteredWebhook {
  readonly webhook: V1MutatingWebhook
  readonly url: WebhookUrl
  /** PEM. */
  readonly caBundle: string | undefined
}

/** Two clocks at the same moment. */
export interface Clocks {
  readonly here: Date
  /** In whole seconds. */
  readonly there: Date
}

/** The facts about a registration and about the function that it calls. */
export interface RegistrationFacts {
  readonly now: Date
  readonly config: Config
  /** The managers that the configuration can name. */
  readonly definitions: readonly AnyDefinition[]
  /** The version of this checkout. */
  readonly version: string
  readonly kubernetesVersion: string
  readonly registration: Fact<V1MutatingWebhookConfiguration | undefined>
  readonly registered: Fact<RegisteredWebhook>
  readonly isGuarded: Fact<boolean>
  readonly served: Fact<ServedCertificate>
  readonly answer: Fact<ProbeResult>
}

/** All facts about a cluster. */
export interface ClusterFacts extends RegistrationFacts {
  /** Of other webhooks. */
  readonly configurations: Fact<readonly V1MutatingWebhookConfiguration[]>
  readonly namespaces: Fact<readonly V1Namespace[]>
  readonly services: Fact<readonly V1Service[]>
  readonly flyteDeployments: Fact<readonly FlyteDeployment[]>
  /** Pods of `kube-system`. */
  readonly systemPods: Fact<readonly V1Pod[]>
  readonly functionClock: Fact<Clocks>
  readonly apiServerClock: Fact<Clocks>
  /** The deployed function's time-out, from `serverless.yml`. */
  readonly functionTimeoutSeconds: number
  /** All slots that are known here. */
  readonly slots: readonly Slot[]
  readonly trial: Fact<Trial>
  /** The namespace of the trial. */
  readonly trialNamespace: string
  /** Undefined if `function.envFiles` leaves the cluster out. */
  readonly envFiles: Fact<EnvFileFacts | undefined>
}
