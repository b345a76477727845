import type { V1MutatingWebhookConfiguration, V1Namespace, V1Pod, V1Service } from '@kubernetes/client-node'
import type { Config } from '../../lib/config/config.ts'
import type { AnyDefinition } from '../../lib/managers/any-definition.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { type Cluster, nameOf } from '../kubernetes/cluster.ts'
import { isGuarded } from '../registration/installation.ts'
import { evaluatesCel } from '../registration/kubernetes-version.ts'
import { readRegistration } from '../registration/ownership.ts'
import { probe } from '../registration/probe.ts'
import { apiVersion, registrationRef, webhookName } from '../registration/registration.ts'
import { parseWebhookUrl } from '../registration/webhook-url.ts'
import { takenSlots } from '../tokens/slots.ts'
import { gatherEnvFileFacts } from './env-file-facts.ts'
import { type Fact, infer, known, learn, unknown } from './fact.ts'
import type { Clocks, ClusterFacts, RegisteredWebhook, RegistrationFacts } from './facts.ts'
import { findFlyteDeployments } from './flyte-deployments.ts'
import { readFunctionTimeout } from '../registration/function-timeout.ts'
import { readServedCertificate } from './served-certificate.ts'
import { tryPod } from './trial.ts'
import { trialNamespaceOf, trialQuestionOf } from './trial-question.ts'

/** The sources of the facts. */
export interface Sources {
  readonly cluster: Cluster
  readonly config: Config
  readonly definitions: readonly AnyDefinition[]
  readonly now: () => Date
}

/** Gathers the facts about a registration, and asks the function for its health. Rejects if the API server does not answer. */
export const gatherRegistrationFacts = async ({
  cluster,
  config,
  definitions,
  now,
}: Sources): Promise<RegistrationFacts> => {
  const kubernetesVersion = await cluster.version()
  const registration = await learn(readRegistration(cluster, config))
  const registered = infer(registration, registeredWebhookOf)
  const timeoutMs = config.function.registration.timeoutSeconds * 1000
  const [guarded, served, answer] = await Promise.all([
    learn(evaluatesCel(kubernetesVersion) ? isGuarded(cluster) : Promise.resolve(false)),
    ask(registered, ({ url, caBundle }) => readServedCertificate(url, { caBundle, timeoutMs })),
    ask(registered, async ({ url, caBundle }) =>
      known(await probe(url, { timeoutMs, ...(caBundle === undefined ? {} : { caBundle }) })),
    ),
  ])
  return {
    now: now(),
    config,
    definitions,
    version: packageJson.version,
    kubernetesVersion,
    registration,
    registered,
    isGuarded: guarded,
    served,
    answer,
  }
}

/** The operator's options. */
export interface ExaminationOptions {
  /** The stack's parameter `callerTokenSha256`. */
  readonly digests: string
  /** The namespace of the trial pod. The default is one that the configured managers serve. */
  readonly namespace?: string
}

/** Gathers all facts about a cluster. */
export const gatherClusterFacts = async (
  sources: Sources,
  { digests, namespace }: ExaminationOptions,
): Promise<ClusterFacts> => {
  const { cluster, config, now } = sources
  const slots = takenSlots({ configured: config.function.callers.tokenSha256, parameter: digests })
  const trialNamespace = namespace ?? trialNamespaceOf(sources)
  const facts = await gatherRegistrationFacts(sources)
  const functionClock = infer(facts.answer, (answer) =>
    answer.kind === 'answers' ? clocksOf(facts.now, answer.date) : unknown('it does not answer this machine'),
  )
  const [
    configurations,
    namespaces,
    services,
    flyteDeployments,
    systemPods,
    apiServerClock,
    trial,
    envFiles,
  ] = await Promise.all([
    learn(listOtherConfigurations(cluster, facts)),
    learn(cluster.list<V1Namespace>('v1', 'Namespace')),
    learn(cluster.list<V1Service>('v1', 'Service')),
    learn(findFlyteDeployments(cluster)),
    learn(cluster.list<V1Pod>('v1', 'Pod', 'kube-system')),
    readApiServerClock(cluster, now),
    ask(facts.registered, () => tryPod(cluster, trialQuestionOf(sources, trialNamespace))),
    gatherEnvFileFacts(cluster, {
      config,
      name: infer(facts.registered, ({ url }) => known(url.cluster)),
      kubernetesVersion: facts.kubernetesVersion,
      namespace: trialNamespace,
    }),
  ])
  return {
    ...facts,
    configurations,
    namespaces,
    services,
    flyteDeployments,
    systemPods,
    functionClock,
    apiServerClock,
    functionTimeoutSeconds: await readFunctionTimeout(),
    slots,
    trial,
    trialNamespace,
    envFiles,
  }
}

/** All but the registration, which can have another name in the middle of a migration (`readRegistration`). */
const listOtherConfigurations = async (
  cluster: Cluster,
  { registration }: RegistrationFacts,
): Promise<readonly V1MutatingWebhookConfiguration[]> => {
  const own = registration.kind === 'known' ? registration.value?.metadata?.name : undefined
  const all = await cluster.list<V1MutatingWebhookConfiguration>(apiVersion, registrationRef.kind)
  return all.filter(({ metadata }) => metadata?.name !== own)
}

const registeredWebhookOf = (
  registration: V1MutatingWebhookConfiguration | undefined,
): Fact<RegisteredWebhook> => {
  if (registration === undefined) return unknown('nothing is registered')
  const webhook = registration.webhooks?.find(({ name }) => name === webhookName)
  const url = parseWebhookUrl(webhook?.clientConfig.url ?? '')
  if (webhook === undefined || url === undefined)
    return unknown(`${nameOf({ ...registration, kind: registrationRef.kind })} does not call this webhook`)
  const { caBundle } = webhook.clientConfig
  return known({
    webhook,
    url,
    caBundle: caBundle === undefined ? undefined : Buffer.from(caBundle, 'base64').toString(),
  })
}

const ask = async <T, R>(fact: Fact<T>, question: (value: T) => Promise<Fact<R>>): Promise<Fact<R>> =>
  fact.kind === 'known' ? question(fact.value) : fact

const readApiServerClock = async (cluster: Cluster, now: () => Date): Promise<Fact<Clocks>> => {
  const date = await learn(cluster.date())
  return infer(date, (there) => clocksOf(now(), there))
}

const clocksOf = (here: Date, there: Date | undefined): Fact<Clocks> =>
  there === undefined ? unknown('it does not send the time') : known({ here, there })
