import type {
  V1LabelSelector,
  V1MutatingWebhook,
  V1MutatingWebhookConfiguration,
} from '@kubernetes/client-node'
import { describe, expect, it } from 'vitest'
import { clusterChecks } from '../../infra/doctor/checks.ts'
import { known, unknown } from '../../infra/doctor/fact.ts'
import type { ClusterFacts } from '../../infra/doctor/facts.ts'
import { findingsOf, type Level, statusOf } from '../../infra/doctor/finding.ts'
import { undocumentedFindings } from '../messages/known.ts'
import { configFrom, sha256Hex } from '../support/webhook.ts'
import { healthy, token } from './healthy.ts'

const hourMs = 3_600_000

/** The facts of a healthy cluster, with changes to the registered webhook. */
const registeredWith = (changes: Partial<V1MutatingWebhook>): Partial<ClusterFacts> => {
  const { registration, registered } = healthy()
  if (registration.kind === 'unknown' || registered.kind === 'unknown') throw new Error('it is known')
  const webhook = { ...registered.value.webhook, ...changes }
  return {
    registration: known({ ...registration.value, webhooks: [webhook] }),
    registered: known({ ...registered.value, webhook }),
  }
}

const alsoThere = (
  name: string,
  changes: Partial<V1MutatingWebhook> = {},
): readonly V1MutatingWebhookConfiguration[] => [
  {
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'gone', namespace: 'other' } },
        rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }],
        sideEffects: 'None',
        ...changes,
      },
    ],
  },
]

const namespaceOf = (name: string) => ({
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
})
const namedIn = (operator: 'In' | 'NotIn', ...values: string[]) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }],
})
const podRules = [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }]
const asksForSecrets = { matchLabels: { 'inject-flyte-secrets': 'true' } }

/** The facts of a cluster with these namespaces and a second webhook for pods. */
const besides = (
  changes: Partial<V1MutatingWebhook>,
  {
    own = {},
    namespaces = ['kube-system', 'default'],
  }: { own?: Partial<V1MutatingWebhook>; namespaces?: string[] } = {},
): Partial<ClusterFacts> => ({
  ...registeredWith(own),
  configurations: known(alsoThere('flyte-binary-webhook', changes)),
  namespaces: known(namespaces.map(namespaceOf)),
  services: gone,
})

const besideAnother = (): Partial<ClusterFacts> => {
  const { registration } = healthy()
  if (registration.kind === 'unknown') throw new Error('it is known')
  const [webhook] = registration.value?.webhooks ?? []
  if (webhook === undefined) throw new Error('there is one')
  const webhooks = [{ ...webhook, name: 'other.example.com', rules: [] }, webhook]
  return { registration: known({ ...registration.value, webhooks }) }
}

/** Both webhooks in one object, as in docs/migrate.md. */
const besideFlytesOwn = (): Partial<ClusterFacts> => {
  const { registration } = besideAnother()
  if (registration?.kind !== 'known') throw new Error('it is known')
  const service = { namespace: 'flyte', name: 'flyte-pod-webhook' }
  const webhooks = (registration.value?.webhooks ?? []).map((webhook) =>
    webhook.name === 'other.example.com'
      ? { ...webhook, clientConfig: { service } }
      : { ...webhook, namespaceSelector: namedIn('In', 'default') },
  )
  return { registration: known({ ...registration.value, webhooks }) }
}

/** A copy of this webhook in the same object that calls Flyte's Service. */
const flytesCopy = (namespaceSelector: V1LabelSelector): Partial<ClusterFacts> => {
  const { registration } = besideFlytesOwn()
  if (registration?.kind !== 'known') throw new Error('it is known')
  const webhooks = (registration.value?.webhooks ?? []).map((webhook) =>
    webhook.name === 'other.example.com' ? { ...webhook, rules: podRules, namespaceSelector } : webhook,
  )
  return { registration: known({ ...registration.value, webhooks }) }
}

/** The registration under another name. */
const named = (name: string): Partial<ClusterFacts> => {
  const { registration } = healthy()
  if (registration.kind === 'unknown') throw new Error('it is known')
  return { registration: known({ ...registration.value, metadata: { name } }) }
}

const slot = (sha256: string, index = 1) =>
  ({ cluster: 'production', slot: index, sha256, home: 'parameter' }) as const
const own = sha256Hex(token)
const other = sha256Hex('another')
const notReached = known({ kind: 'fails', why: 'h.example closes the connection', isReached: false } as const)
const notAllowed = unknown('this user cannot get pods: allow it with an RBAC role')
const forGlobal = configFrom({ webhook: { secretManagerType: 'Global' } })
const apiServerPod = (...args: string[]) => ({
  metadata: { labels: { component: 'kube-apiserver' } },
  spec: { containers: [{ name: 'kube-apiserver', command: ['kube-apiserver', ...args] }] },
})
const gone = known([{ metadata: { namespace: 'other', name: 'gone' } }])

interface Row {
  readonly what: string
  readonly facts: Partial<ClusterFacts>
  readonly check: string
  readonly level: Level
  readonly says: string
  /** Other checks that report the same facts. */
  readonly also?: readonly string[]
}

const rows: readonly Row[] = [
  {
    what: 'a registration that the user cannot read',
    facts: { registration: notAllowed },
    check: 'registration',
    level: 'warning',
    says: 'skipped: this user cannot get pods',
  },
  {
    what: 'no registration',
    facts: { registration: known(undefined) },
    check: 'registration',
    level: 'problem',
    says: 'nothing is registered',
  },
  {
    what: 'another webhook’s registration',
    facts: { registration: known({ metadata: {}, webhooks: [] }) },
    check: 'registration',
    level: 'problem',
    says: 'has no webhook flyte-pod-webhook.flyte.org',
  },
  {
    what: 'a registration with another webhook before this one',
    facts: besideAnother(),
    check: 'registration',
    level: 'warning',
    says: 'has another webhook too: other.example.com',
  },
  {
    what: 'a registration shared with Flyte’s own webhook',
    facts: besideFlytesOwn(),
    check: 'registration',
    level: 'warning',
    says: 'calls the Service flyte/flyte-pod-webhook too',
  },
  {
    what: 'a registration under the name of Flyte’s own',
    facts: named('flyte-binary-webhook'),
    check: 'registration',
    level: 'warning',
    says: 'MutatingWebhookConfiguration flyte-binary-webhook calls this webhook: register has not written its own',
  },
  {
    what: 'an older cluster',
    facts: { ...registeredWith({ matchConditions: [] }), kubernetesVersion: 'v1.29.8-eks-1' },
    check: 'kubernetes',
    level: 'warning',
    says: 'v1.29.8-eks-1 does not evaluate CEL',
  },
  {
    what: 'Ignore with a guard',
    facts: { ...registeredWith({ failurePolicy: 'Ignore' }), isGuarded: known(true) },
    check: 'failure-policy',
    level: 'ok',
    says: 'the guard refuses',
  },
  {
    what: 'Ignore without a guard',
    facts: registeredWith({ failurePolicy: 'Ignore' }),
    check: 'failure-policy',
    level: 'warning',
    says: 'pods start without their secrets',
  },
  {
    what: 'Ignore with a guard that the user cannot read',
    facts: { ...registeredWith({ failurePolicy: 'Ignore' }), isGuarded: notAllowed },
    check: 'failure-policy',
    level: 'warning',
    says: 'skipped: this user cannot',
    also: ['guard'],
  },
  {
    what: 'a guard',
    facts: { isGuarded: known(true) },
    check: 'guard',
    level: 'ok',
    says: 'registered: it refuses pods',
  },
  {
    what: 'no guard',
    facts: {},
    check: 'guard',
    level: 'ok',
    says: 'not registered: flyte-webhook register --guard adds it',
  },
  {
    what: 'a guard with a configuration that admits',
    facts: { config: configFrom({ function: { onFailure: 'admit' } }), isGuarded: known(true) },
    check: 'failure-policy',
    level: 'problem',
    says: 'the guard refuses the pods that it admits',
    also: ['function'],
  },
  {
    what: 'a time-out as long as the function’s',
    facts: registeredWith({ timeoutSeconds: 8 }),
    check: 'time-out',
    level: 'problem',
    says: 'gives up after 8 s',
  },
  {
    what: 'an earlier webhook that needs nothing',
    facts: { configurations: known(alsoThere('a-policy')), services: gone },
    check: 'call-order',
    level: 'ok',
    says: 'a-policy',
  },
  {
    what: 'an earlier Vault injector that is called again',
    facts: {
      configurations: known(alsoThere('a-vault', { reinvocationPolicy: 'IfNeeded' })),
      services: gone,
    },
    check: 'call-order',
    level: 'ok',
    says: 'a-vault',
  },
  {
    what: 'an earlier Vault injector',
    facts: { configurations: known(alsoThere('a-vault')), services: gone },
    check: 'call-order',
    level: 'warning',
    says: 'its injector does not see the annotations',
  },
  {
    what: 'Vault’s injector under its own name',
    facts: { configurations: known(alsoThere('vault-agent-injector-cfg')), services: gone },
    check: 'call-order',
    level: 'ok',
    says: 'no other webhook changes pods before this one',
  },
  {
    what: 'a webhook for other resources without its Service',
    facts: {
      configurations: known(
        alsoThere('left', { rules: [{ operations: ['CREATE'], apiGroups: ['apps'], resources: ['*'] }] }),
      ),
    },
    check: 'services',
    level: 'ok',
    says: 'have their Service',
  },
  {
    what: 'a webhook without its Service',
    facts: { configurations: known(alsoThere('left')) },
    check: 'services',
    level: 'problem',
    says: 'other/gone, which does not exist',
  },
  {
    what: 'a webhook without its Service whose failure is ignored',
    facts: { configurations: known(alsoThere('left', { failurePolicy: 'Ignore' })) },
    check: 'services',
    level: 'warning',
    says: 'other/gone, which does not exist',
  },
  {
    what: 'Flyte’s webhook in the cluster',
    facts: { flyteDeployments: known([{ name: 'w', namespace: 'flyte', runs: 'webhook' }]) },
    check: 'flyte-webhook',
    level: 'problem',
    says: 'Deployment flyte/w',
  },
  {
    what: 'Flyte as a single process',
    facts: { flyteDeployments: known([{ name: 'b', namespace: 'flyte', runs: 'binary' }]) },
    check: 'flyte-webhook',
    level: 'warning',
    says: 'Deployment flyte/b',
  },
  {
    what: 'Flyte 2',
    facts: { flyteDeployments: known([{ name: 'b', namespace: 'flyte', runs: 'flyte2' }]) },
    check: 'flyte-webhook',
    level: 'warning',
    says: 'Deployment flyte/b runs Flyte 2',
  },
  {
    what: 'another registration for the pods that ask for secrets',
    facts: besides({ objectSelector: asksForSecrets }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'MutatingWebhookConfiguration flyte-binary-webhook receives the same pods, in default, and calls the Service other/gone',
  },
  {
    what: 'another registration for them in many namespaces',
    facts: besides({ objectSelector: asksForSecrets }, { namespaces: ['a', 'b', 'c', 'd', 'e'] }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'in a, b, c and 2 more, and calls',
  },
  {
    what: 'another registration for them that calls a URL',
    facts: besides({
      objectSelector: asksForSecrets,
      clientConfig: { url: `https://h.example/prod/production/${token}/mutate--v1-pod` },
    }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'and calls another URL',
  },
  {
    what: 'another registration for their label and a second label',
    facts: besides({
      objectSelector: { matchLabels: { 'inject-flyte-secrets': 'true', organization: 'a' } },
    }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'receives the same pods',
  },
  {
    what: 'another registration for their label with any value',
    facts: besides({
      objectSelector: { matchExpressions: [{ key: 'inject-flyte-secrets', operator: 'Exists' }] },
    }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'receives the same pods',
  },
  ...[
    { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods/*'] },
    { operations: ['UPDATE', 'CREATE'], apiGroups: ['', 'apps'], apiVersions: ['*'], resources: ['*/*'] },
    { operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['v1'], resources: ['*'], scope: 'Namespaced' },
    {
      operations: ['CREATE'],
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['nodes', 'pods'],
      scope: '*',
    },
  ].map(
    (rule): Row => ({
      what: `another registration for their label by the rule ${JSON.stringify(rule)}`,
      facts: besides({ objectSelector: asksForSecrets, rules: [rule] }),
      check: 'flyte-webhook',
      level: 'problem',
      says: 'receives the same pods',
    }),
  ),
  {
    what: 'Flyte’s registration without a selector of pods',
    facts: besides({ name: 'in-cluster.flyte-pod-webhook.flyte.org', objectSelector: {} }),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'receives the same pods',
  },
  ...(
    [
      ['takes all pods', { objectSelector: {} }],
      [
        'takes all pods, at the path of controller-runtime',
        {
          clientConfig: { service: { name: 'gone', namespace: 'other', path: '/mutate--v1-pod' } },
        },
      ],
      ['takes pods of another label', { objectSelector: { matchLabels: { app: 'a' } } }],
      [
        'takes all pods but those that have another value of the label',
        {
          objectSelector: {
            matchExpressions: [{ key: 'inject-flyte-secrets', operator: 'NotIn', values: ['never'] }],
          },
        },
      ],
      [
        'takes the pods that ask for no secrets',
        {
          objectSelector: { matchExpressions: [{ key: 'inject-flyte-secrets', operator: 'DoesNotExist' }] },
        },
      ],
      [
        'takes none of Flyte’s pods, under Flyte’s name',
        {
          name: 'flyte-pod-webhook.flyte.org',
          objectSelector: {
            matchExpressions: [{ key: 'inject-flyte-secrets', operator: 'NotIn', values: ['true'] }],
          },
        },
      ],
      [
        'is not for pods',
        {
          objectSelector: asksForSecrets,
          rules: [
            { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'] },
            {
              operations: ['CREATE'],
              apiGroups: [''],
              apiVersions: ['v1'],
              resources: ['pods/exec', '*/status'],
            },
            { operations: ['UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
            { operations: ['CREATE'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['pods'] },
            { operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['*'], scope: 'Cluster' },
          ],
        },
      ],
      [
        'is for kube-system only',
        { objectSelector: asksForSecrets, namespaceSelector: namedIn('In', 'kube-system') },
      ],
      [
        'is for no namespace',
        {
          objectSelector: asksForSecrets,
          namespaceSelector: { matchLabels: { 'flyte-webhook.flyte.org/none': 'true' } },
        },
      ],
    ] as const
  ).map(
    ([what, changes]): Row => ({
      what: `another registration that ${what}`,
      facts: besides(structuredClone(changes) as Partial<V1MutatingWebhook>),
      check: 'flyte-webhook',
      level: 'ok',
      says: 'no other webhook receives the same pods',
    }),
  ),
  {
    what: 'Flyte’s registration for the other namespaces',
    facts: besides(
      { objectSelector: asksForSecrets, namespaceSelector: namedIn('NotIn', 'default') },
      { own: { namespaceSelector: namedIn('In', 'default') } },
    ),
    check: 'flyte-webhook',
    level: 'ok',
    says: 'no other webhook receives the same pods',
    also: ['registration'],
  },
  {
    what: 'a webhook for their label in the same object',
    facts: flytesCopy({}),
    check: 'flyte-webhook',
    level: 'problem',
    says: 'MutatingWebhookConfiguration flyte-pod-webhook receives the same pods, in default, and calls the Service flyte/flyte-pod-webhook',
    also: ['registration'],
  },
  {
    what: 'a webhook for the other namespaces in the same object',
    facts: flytesCopy(namedIn('In', 'kube-system')),
    check: 'flyte-webhook',
    level: 'ok',
    says: 'no other webhook receives the same pods',
    also: ['registration'],
  },
  {
    what: 'registrations, and namespaces that the user cannot list',
    facts: { ...besides({ objectSelector: asksForSecrets }), namespaces: notAllowed },
    check: 'flyte-webhook',
    level: 'warning',
    says: 'skipped: this user cannot get pods',
    also: ['namespaces'],
  },
  {
    what: 'a certificate thirty days before its end',
    facts: { now: new Date('2026-12-01T00:00:00Z') },
    check: 'certificate',
    level: 'warning',
    says: 'expires soon: valid until 2026-12-31 (30 days)',
  },
  {
    what: 'a certificate thirty-one days before its end',
    facts: { now: new Date('2026-11-29T23:00:00Z') },
    check: 'certificate',
    level: 'ok',
    says: 'until 2026-12-31',
  },
  {
    what: 'a certificate at its end',
    facts: { now: new Date('2026-12-31T00:00:00Z') },
    check: 'certificate',
    level: 'problem',
    says: 'has expired',
  },
  {
    what: 'a certificate that is not yet valid',
    facts: { now: new Date('2025-12-31T00:00:00Z') },
    check: 'certificate',
    level: 'problem',
    says: 'not valid before 2026-01-01',
  },
  {
    what: 'a server that cannot be reached',
    facts: { served: unknown('h.example cannot be reached from here') },
    check: 'certificate',
    level: 'warning',
    says: 'skipped: h.example cannot be reached',
  },
  {
    what: 'another version of the function',
    facts: { version: '2.0.0' },
    check: 'function',
    level: 'warning',
    says: 'the version 1.2.3 is deployed, but this checkout is 2.0.0',
  },
  {
    what: 'a function that only the API server can reach',
    facts: { answer: notReached },
    check: 'function',
    level: 'warning',
    says: 'no answer to this machine: h.example closes the connection',
  },
  {
    what: 'a function that refuses',
    facts: { answer: known({ kind: 'fails', why: 'it answers 500', isReached: true }) },
    check: 'function',
    level: 'problem',
    says: 'it answers 500',
  },
  {
    what: 'a pod without its secret',
    facts: { trial: known({ kind: 'bare' }) },
    check: 'pod',
    level: 'problem',
    says: 'without its secret',
  },
  {
    what: 'a pod that was correctly denied',
    facts: { trial: known({ kind: 'right', expected: 'denial' }) },
    check: 'pod',
    level: 'ok',
    says: 'is denied',
  },
  {
    what: 'a pod that could not be created',
    facts: { trial: notAllowed },
    check: 'pod',
    level: 'warning',
    says: 'cannot get pods',
  },
  {
    what: 'an accepted token of an unknown cluster',
    facts: { slots: [] },
    check: 'token',
    level: 'ok',
    says: '--digests',
  },
  {
    what: 'an accepted token with another digest',
    facts: { slots: [slot(other)] },
    check: 'token',
    level: 'ok',
    says: 'no digest here matches the registered token',
  },
  {
    what: 'a token with another digest that only the API server can try',
    facts: { slots: [slot(other)], answer: notReached },
    check: 'token',
    level: 'ok',
    says: 'is accepted; no digest here',
    also: ['function'],
  },
  {
    what: 'a token with another digest, and no answer',
    facts: { slots: [slot(other)], answer: notReached, trial: notAllowed },
    check: 'token',
    level: 'warning',
    says: 'no digest here matches the registered token',
    also: ['function', 'pod'],
  },
  {
    what: 'a refused token with another digest',
    facts: {
      slots: [slot(other)],
      answer: known({ kind: 'fails', why: 'it answers 404', isReached: true }),
      trial: notAllowed,
    },
    check: 'token',
    level: 'problem',
    says: 'the function does not accept it',
    also: ['function', 'pod'],
  },
  {
    what: 'a rotation of tokens, registered',
    facts: { slots: [slot(other), slot(own, 2)] },
    check: 'token',
    level: 'warning',
    says: 'the newer one is registered',
  },
  {
    what: 'a rotation of tokens, not yet registered',
    facts: { slots: [slot(own), slot(other, 2)] },
    check: 'token',
    level: 'warning',
    says: 'the older one is registered',
  },
  {
    what: 'a second token of another cluster',
    facts: { slots: [slot(own), { ...slot(other, 2), cluster: 'staging' }] },
    check: 'token',
    level: 'ok',
    says: 'has one token, and it is registered',
  },
  ...[-61, 61].map(
    (seconds): Row => ({
      what: `an API server whose clock is ${seconds} s off`,
      facts: {
        apiServerClock: known({ here: new Date(hourMs), there: new Date(hourMs + seconds * 1000) }),
      },
      check: 'clocks',
      level: 'warning',
      says: seconds < 0 ? 'behind' : 'ahead',
    }),
  ),
  {
    what: 'a function that does not send its time',
    facts: { functionClock: unknown('it does not send the time') },
    check: 'clocks',
    level: 'warning',
    says: 'the function: it does not send the time',
  },
  {
    what: 'values in patches, and an API server that is not visible',
    facts: { config: forGlobal },
    check: 'audit',
    level: 'warning',
    says: 'cannot be seen',
    also: ['function'],
  },
  {
    what: 'values in patches, and an API server with an audit policy',
    facts: { config: forGlobal, systemPods: known([apiServerPod('--audit-policy-file=/etc/a.yaml')]) },
    check: 'audit',
    level: 'warning',
    says: '/etc/a.yaml',
    also: ['function'],
  },
  {
    what: 'values in patches, and an API server without an audit policy',
    facts: { config: forGlobal, systemPods: known([apiServerPod('--v=1')]) },
    check: 'audit',
    level: 'ok',
    says: 'has no audit policy',
    also: ['function'],
  },
]

describe('the checks of doctor', () => {
  it('find nothing in a healthy cluster', () => {
    const findings = findingsOf(clusterChecks, healthy())
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(findings).toHaveLength(clusterChecks.length)
    expect(undocumentedFindings(findings)).toEqual([])
    expect(statusOf(findings)).toBe(0)
  })

  it.each(rows)('report $what: $level', ({ facts, check, level, says, also = [] }) => {
    const findings = findingsOf(clusterChecks, { ...healthy(), ...facts })
    expect(findings).toContainEqual(
      expect.objectContaining({ check, level, message: expect.stringContaining(says) }),
    )
    expect(undocumentedFindings(findings)).toEqual([])
    const troubled = findings.filter((finding) => finding.level !== 'ok').map((finding) => finding.check)
    expect(new Set(troubled)).toEqual(new Set([...(level === 'ok' ? [] : [check]), ...also]))
    expect(JSON.stringify(findings)).not.toContain(token)
    expect(findings.filter((one) => one.level === 'problem').every(({ next }) => next !== undefined)).toBe(
      true,
    )
  })

  it('do not advise to register while Flyte’s own webhook shares the object', () => {
    const findings = findingsOf(clusterChecks, { ...healthy(), ...besideFlytesOwn() })
    expect(findings.filter(({ next = '' }) => next.includes('register rewrites it'))).toEqual([])
  })

  it('end with the status of the worst finding', () => {
    const [warning, problem] = (['warning', 'problem'] as const).map((level) => ({
      check: 'c',
      level,
      message: 'm',
    }))
    if (warning === undefined || problem === undefined) throw new Error('there are two')
    expect(statusOf([warning])).toBe(3)
    expect(statusOf([warning, problem, warning])).toBe(1)
  })
})
