import { isDeepStrictEqual } from 'node:util'
import type { V1MutatingWebhook, V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import type { Config } from '../../../lib/config/config.ts'
import { evaluatesCel } from '../../registration/kubernetes-version.ts'
import { calledService } from '../../registration/ownership.ts'
import { createRegistration, registrationRef, webhookName } from '../../registration/registration.ts'
import { parseWebhookUrl } from '../../registration/webhook-url.ts'
import type { RegistrationFacts } from '../facts.ts'
import { type Check, faultsOr, problem, type Verdict, warning, whenKnown } from '../finding.ts'

/** Checks that the registration exists, calls this webhook, and is as `register` writes it (specification §10). */
export const registrationCheck: Check<RegistrationFacts> = {
  name: 'registration',
  look: ({ registration, config, kubernetesVersion }) =>
    whenKnown(registration, (object) =>
      object === undefined
        ? [
            problem(
              'nothing is registered: no pod gets a secret',
              'flyte-webhook register --url <url> --cluster <name> --token-file <file>',
            ),
          ]
        : faultsOr(
            faultsOfObject(object, config, evaluatesCel(kubernetesVersion)),
            `${called(object)} calls this webhook`,
          ),
    ),
}

const again = 'flyte-webhook register rewrites it'
const goOver = 'docs/migrate.md switches from one to the other without downtime'

const called = ({ metadata }: V1MutatingWebhookConfiguration): string =>
  `MutatingWebhookConfiguration ${metadata?.name}`

const faultsOfObject = (
  object: V1MutatingWebhookConfiguration,
  config: Config,
  isCelEvaluated: boolean,
): readonly Verdict[] => {
  const { metadata, webhooks = [] } = object
  const webhook = webhooks.find(({ name }) => name === webhookName)
  if (webhook === undefined) return [problem(`${called(object)} has no webhook ${webhookName}`, again)]
  const service = calledService(webhook)
  if (service !== undefined)
    return [
      problem(
        `${called(object)} calls the Service ${service}: it is the object of Flyte's own webhook`,
        goOver,
      ),
    ]
  const others = webhooks.filter((other) => other !== webhook)
  const isShared = others.some((other) => calledService(other) !== undefined)
  const [wanted] = createRegistration(config, { url: '', isCelEvaluated }).webhooks ?? []
  return [
    ...(metadata?.name === registrationRef.metadata.name
      ? []
      : [warning(`${called(object)} calls this webhook: register has not written its own yet`, goOver)]),
    ...faultsOfUrl(webhook),
    ...faultsOfFields(webhook, wanted, isShared),
    ...others.map((other) => faultOfAnother(object, other)),
  ]
}

const faultOfAnother = (object: V1MutatingWebhookConfiguration, other: V1MutatingWebhook): Verdict => {
  const service = calledService(other)
  return service === undefined
    ? warning(`${called(object)} has another webhook too: ${other.name}`, again)
    : warning(
        `${called(object)} calls the Service ${service} too: Flyte's own webhook still serves some namespaces`,
        goOver,
      )
}

const faultsOfUrl = ({ clientConfig: { url = '' } }: V1MutatingWebhook): readonly Verdict[] =>
  parseWebhookUrl(url) === undefined
    ? [
        problem(
          'the registered URL does not belong to this webhook: <host>/<stage>/<cluster>/<token>/mutate--v1-pod',
          again,
        ),
      ]
    : []

/** The effect of each field that differs. Other fields have their own checks. */
const fields = [
  { field: 'objectSelector', level: problem, cost: 'it decides which pods are sent' },
  { field: 'rules', level: problem, cost: 'they decide which requests are sent' },
  { field: 'namespaceSelector', level: warning, cost: 'it decides which namespaces get secrets' },
  { field: 'sideEffects', level: warning, cost: 'a dry run of a pod can be refused' },
  { field: 'matchPolicy', level: warning, cost: 'requests in another version can bypass the webhook' },
  {
    field: 'admissionReviewVersions',
    level: warning,
    cost: 'the API server uses the first version that it supports',
  },
  {
    field: 'reinvocationPolicy',
    level: warning,
    cost: 'it decides which webhook sees the containers of another',
  },
] as const

/** While Flyte's own webhook shares the object, the migration decides about the namespaces, not the configuration. */
const faultsOfFields = (
  webhook: V1MutatingWebhook,
  wanted: V1MutatingWebhook | undefined,
  isShared: boolean,
): readonly Verdict[] => {
  const faults = fields
    .filter(({ field }) => !(isShared && field === 'namespaceSelector'))
    .filter(({ field }) => !isDeepStrictEqual(plain(webhook[field]), plain(wanted?.[field])))
    .map(({ field, level, cost }) => level(`${field} differs from the configuration: ${cost}`, again))
  return wanted?.matchConditions !== undefined && (webhook.matchConditions ?? []).length === 0
    ? [...faults, warning('matchConditions are missing: mirror pods are sent too', again)]
    : faults
}

/** Removes the client's classes and undefined fields. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value))
