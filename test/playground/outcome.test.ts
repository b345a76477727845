import { describe, expect, it } from 'vitest'
import { type PageOutcome, outcomeOf } from '../../infra/playground/page/outcome.ts'
import { shareableOf } from '../../infra/playground/page/shareable.ts'
import { emptyState, type State } from '../../infra/playground/page/state.ts'
import { writeFragment } from '../../infra/playground/page/fragment.ts'
import { annotationOf } from '../support/annotation.ts'
import { podAsking, reviewOf } from '../support/webhook.ts'

const outcome = (state: Partial<State>): Promise<PageOutcome> =>
  outcomeOf({ ...emptyState, ...state }, new AbortController().signal)

const shareable = (state: Partial<State>): State => shareableOf({ ...emptyState, ...state })

const podText = (...secrets: object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...podAsking(...secrets) })

/** Returns each manager that was asked for the first secret, with its answer. */
const saidIn = ({ answer }: PageOutcome) => {
  const request = answer?.kind === 'previewed' ? answer.preview.requests[0] : undefined
  return request !== undefined && 'asked' in request
    ? request.asked.map(({ manager, said }) => `${manager}: ${said}`)
    : []
}

const password = { group: 'db', key: 'password', mount_requirement: 'ENV_VAR' }

describe('the outcome of a state', () => {
  it('is the problem of the configuration, in the words of the command', async () => {
    const { config, answer } = await outcome({ config: 'webhok: {}\n', pod: podText() })
    expect(config).toMatchObject({ kind: 'problems', problems: [{ line: 1, path: 'webhok' }] })
    expect(answer).toBeUndefined()
  })

  it.each([
    { pod: '', why: 'the pod: it is empty: give a Pod or an AdmissionReview' },
    { pod: 'kind: Pod\nmetadata: [', why: /line 2/ },
    { pod: 'kind: Deployment', why: /its pods do: give one of its pods/ },
    {
      pod: 'a: &a [x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c]',
      why: /alias/,
    },
    {
      pod: '{"kind": "Pod", "spec": {"containers": []}, "metadata": {"annotations": 1, "labels": {"inject-flyte-secrets": "true"}}}',
      why: /annotations/,
    },
  ])('is the reason why the pod cannot be read: $why', async ({ pod, why }) => {
    const { answer } = await outcome({ pod })
    expect(answer).toMatchObject({ kind: 'wrong-pod', why: expect.stringMatching(why) })
  })

  it.each([
    {
      what: 'a global secret',
      state: { globalSecrets: ' db/password \n\nother/key' },
      said: ['Global: will inject'],
    },
    { what: 'none', state: { globalSecrets: 'password' }, said: ['Global: skipped', 'K8s: will inject'] },
    {
      what: 'a key of a JSON secret of AWS',
      state: {
        config: 'function: {globalSecrets: {secretsManager: [{secretId: prod/db, group: db}]}}',
        storedSecrets: 'prod/db#user\nprod/db#password',
      },
      said: ['Global: will inject'],
    },
    {
      what: 'another key of it',
      state: {
        config: 'function: {globalSecrets: {secretsManager: [{secretId: prod/db, group: db}]}}',
        storedSecrets: 'prod/db#user',
      },
      said: ['Global: skipped', 'K8s: will inject'],
    },
    {
      what: 'a secret of AWS that is text',
      state: {
        config:
          'function: {globalSecrets: {secretsManager: [{secretId: prod/db, group: db, key: password}]}}',
        storedSecrets: 'prod/db',
      },
      said: ['Global: will inject'],
    },
  ])('depends on the names of existing secrets: $what', async ({ state, said }) => {
    expect(saidIn(await outcome({ pod: podText(password), ...state }))).toEqual(said)
  })

  it('shows no value of a secret, even though it is invented', async () => {
    const { answer } = await outcome({ pod: podText(password), globalSecrets: 'db/password' })
    expect(JSON.stringify(answer)).toContain('[redacted]')
    expect(JSON.stringify(answer)).not.toContain('invented')
  })

  it('applies to the named namespace, user and cluster', async () => {
    const config = `function: {globalSecrets: {allow: [{groups: [db], namespaces: [n], users: [u], clusters: [c]}]}}`
    const asked = { config, pod: podText(password), globalSecrets: 'db/password' }
    expect(saidIn(await outcome({ ...asked, namespace: 'n', user: 'u', cluster: 'c' }))).toEqual([
      'Global: will inject',
    ])
    expect(saidIn(await outcome(asked))).toEqual(['Global: failed'])
  })

  it('has variables from files only in the clusters of function.envFiles, and says so elsewhere', async () => {
    const config = 'webhook: {secretManagerTypes: [GCP]}\nfunction: {profile: flyte1, envFiles: ["prod-*"]}'
    const asked = { config, pod: podText({ ...password, group_version: '1' }) }
    const served = await outcome({ ...asked, cluster: 'prod-1' })
    expect(saidIn(served)).toEqual(['Global: skipped', 'GCP: will inject'])
    expect(JSON.stringify(served.answer)).toContain('"fileKeyRef":{"volumeName":"flyte-secret-env"')
    const refused = await outcome(asked)
    expect(saidIn(refused)).toEqual(['Global: skipped', 'GCP: skipped'])
    expect(JSON.stringify(refused.answer)).toContain(
      'function.envFiles does not name the calling cluster local',
    )
  })

  it('applies to the namespace of an AdmissionReview, whatever is typed', async () => {
    const { answer } = await outcome({
      pod: reviewOf(podAsking(password), { namespace: 'its-own' }),
      namespace: 'typed',
    })
    expect(answer).toMatchObject({ review: { request: { namespace: 'its-own' } } })
  })
})

describe('a link', () => {
  const value = 's3cr3t-of-a-pod'
  const served = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    ...podAsking({ ...password, env_var: 'DB_PASSWORD' }),
    spec: {
      containers: [
        {
          name: 'main',
          image: 'i',
          env: [
            { name, value },
            { name: 'HOME', value: '/root' },
          ],
        },
      ],
    },
  })

  it.each([
    { what: 'a variable with the prefix', pod: JSON.stringify(served('_FSEC_DB_PASSWORD')) },
    { what: 'the variable of env_var', pod: JSON.stringify(served('DB_PASSWORD')) },
    { what: 'a pod in a review', pod: reviewOf(served('_FSEC_DB_PASSWORD')) },
    { what: 'a text that is not a pod', pod: `kind: Pod\n  env: [{name: _FSEC_DB_PASSWORD, value: ${value}` },
    {
      what: 'a pod beside a wrong configuration',
      pod: JSON.stringify(served('_FSEC_DB_PASSWORD')),
      config: 'x: 1',
    },
  ])('contains no value of a secret: $what', ({ pod, ...state }) => {
    expect(JSON.stringify(shareable({ pod, ...state }))).not.toContain(value)
  })

  it('contains no value for a secret that only the page requests', () => {
    const request = {
      group: 'db',
      groupVersion: '',
      key: 'k',
      mountRequirement: 'ANY',
      envVar: 'TOKEN',
    } as const
    expect(
      JSON.stringify(shareable({ pod: JSON.stringify(served('TOKEN')), requests: [request] })),
    ).not.toContain(value)
  })

  it('contains no text of Flyte in place of a webhook.yaml', () => {
    const config = `configuration:\n  database:\n    password: ${value}\n`
    expect(JSON.stringify(shareable({ config }))).not.toContain(value)
  })

  it('contains everything else as typed', async () => {
    const state = { ...emptyState, pod: `# mine\nkind: Pod\n`, globalSecrets: 'db/password', cluster: 'c' }
    expect(shareable(state)).toEqual(state)
    const masked = shareable({ pod: JSON.stringify(served('_FSEC_DB_PASSWORD')) })
    expect(masked.pod).toContain('value: /root')
    expect(masked.pod).toContain(annotationOf({ ...password, env_var: 'DB_PASSWORD' }))
    expect((await writeFragment(masked)).length).toBeGreaterThan(100)
  })
})
