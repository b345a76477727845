import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { previewText } from '../../infra/preview/preview-text.ts'
import { annotationOf } from '../support/annotation.ts'
import { failed, value } from '../support/fake-source.ts'
import { call, configFrom, example, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'
import { pods } from '../support/arbitrary-pods.ts'
import { operationsOf, patched } from '../support/patch.ts'
import { plainPod, plainText, podOf, previewed } from './previewed.ts'

const embeddedAws = {
  webhook: { secretManagerType: 'Embedded', embeddedSecretManagerConfig: { type: 'AWS' } },
  function: { profile: 'flyte2' },
}
const labels = { organization: 'o', domain: 'd', project: 'p', 'inject-flyte-secrets': 'true' }
const labelled = podOf({
  kind: 'Pod',
  metadata: { labels },
  spec: { containers: [{ name: 'main', image: 'i' }] },
})

describe('a preview', () => {
  it('is the answer of the webhook if there is no value to hide', async () => {
    const review = JSON.parse(await example('rich'))
    const { json } = await call(webhookIn({}).webhook, JSON.stringify(review))
    const shown = await previewed({ kind: 'AdmissionReview', object: review }, {})
    expect(shown.patch).toEqual(operationsOf(json))
    expect(shown.requests).toHaveLength(3)
  })

  it('shows the pod as a diff with three lines of context, and below it the answer of each manager', async () => {
    const shown = await previewed(plainPod, { secrets: ['db/password:ENV_VAR'] })
    expect(plainText(shown)).toBe(`--- before
+++ after
@@ -10,3 +10,12 @@
   containers:
     - name: main
       image: i
+      env:
+        - name: FLYTE_SECRETS_ENV_PREFIX
+          value: _FSEC_
+        - name: _FSEC_DB_PASSWORD
+          valueFrom:
+            secretKeyRef:
+              name: db
+              key: password
+              optional: true

flyte.secrets/s0  db/password:ENV_VAR
  Global: skipped: it has no secret with this group and key
  K8s: will inject (existence not checked): variables FLYTE_SECRETS_ENV_PREFIX, _FSEC_DB_PASSWORD`)
  })

  it('colours the lines of a diff', async () => {
    const shown = await previewed(plainPod, { secrets: ['db/password'] })
    const styled = previewText(shown, (style, text) => `<${style}>${text}`)
    expect(styled).toContain('<bold>--- before\n<bold>+++ after\n<cyan>@@ ')
    expect(styled).toContain('\n       image: i\n<green>+      env:')
  })

  it('puts further requests into free annotations', async () => {
    const annotations = { 'flyte.secrets/s0': annotationOf({ group: 'a', key: 'b' }), 'flyte.secrets/s2': '' }
    const asked = podOf({ kind: 'Pod', metadata: { annotations }, spec: { containers: [] } })
    const { requests } = await previewed(asked, { secrets: ['c/d', 'e/f'] })
    expect(requests.map((one) => [one.annotation, 'request' in one && one.request])).toEqual([
      ['flyte.secrets/s0', 'a/b'],
      ['flyte.secrets/s1', 'c/d'],
      ['flyte.secrets/s2', '/'],
      ['flyte.secrets/s3', 'e/f'],
    ])
  })

  it('keeps a label that disables injection', async () => {
    const off = podOf({ kind: 'Pod', metadata: { labels: { 'inject-flyte-secrets': 'false' } }, spec: {} })
    expect((await previewed(off, { secrets: ['a/b'] })).apart).toContain('without the label')
  })

  it.each([
    { what: 'a pod without the label', pod: plainPod, says: 'without the label inject-flyte-secrets' },
    { what: 'a pod that asks for nothing', pod: labelled, says: 'asks for no secret' },
    {
      what: 'the review of a deletion',
      pod: {
        kind: 'AdmissionReview',
        object: JSON.parse(reviewOf({}, { operation: 'DELETE', object: null })),
      } as const,
      says: 'not the creation of a Pod',
    },
  ])('says why $what stays unchanged', async ({ pod, says }) => {
    const shown = await previewed(pod, {})
    expect(plainText(shown)).toMatch(/^no change: /)
    expect(plainText(shown)).toContain(says)
  })

  it('says that a pod already has its secrets', async () => {
    const once = await previewed(plainPod, { secrets: ['db/password'] })
    const twice = await previewed(podOf(once.after as object), {})
    expect(plainText(twice)).toMatch(
      /^no change: the pod already has its secrets\n\nflyte\.secrets\/s0 {2}db\/password\n/,
    )
  })

  it('shows a denial with its causes, and the request that cannot be read', async () => {
    const annotations = {
      'flyte.secrets/s0': annotationOf({ group: 'a_b', key: 'c' }),
      'flyte.secrets/s1': '9',
    }
    const pod = podAsking()
    const shown = await previewed(podOf({ ...pod, metadata: { ...pod.metadata, annotations } }), {})
    expect(shown).toMatchObject({ patch: [], refused: { code: 400, reason: 'BadRequest' } })
    const text = plainText(shown)
    expect(text).toMatch(/^denied \(400 BadRequest\): flyte\.secrets\/s0 /)
    expect(text).toContain(
      '\n  metadata.annotations[flyte.secrets/s0]: group "a_b", key "c": K8s: no Secret can',
    )
    expect(text).toContain('\nflyte.secrets/s1\n  cannot be read: not base32: ')
    expect(text).toContain('\n  K8s: skipped: no Secret can have the group as its name')
  })

  it('shows which managers were asked if a store does not answer', async () => {
    const createSecretSource = () => ({ fetch: () => Promise.resolve(failed('store-unavailable')) })
    const shown = await previewed(labelled, { sections: embeddedAws, secrets: ['/k'], createSecretSource })
    expect(shown.refused).toMatchObject({ code: 503 })
    expect(plainText(shown)).toMatch(
      /^unavailable \(503 .*\n\n.*\n {2}Global: skipped: .*\n {2}Embedded: failed: /,
    )
  })

  it('shows a warning', async () => {
    const env = [{ name: '_FSEC_DB_PASSWORD', value: 'own' }]
    const pod = podOf({ kind: 'Pod', spec: { containers: [{ name: 'main', env }] } })
    const shown = await previewed(pod, { secrets: ['db/password:ENV_VAR'] })
    expect(plainText(shown)).toMatch(/\n\nwarning: variable _FSEC_DB_PASSWORD keeps/)
  })

  it("uses the given namespace and user, the pod's own, or the default", async () => {
    const allow = [{ groups: ['db'], namespaces: ['staging'], users: ['ci'] }]
    const sections = { function: { globalSecrets: { allow } } }
    const environment = { FLYTE_SECRET_DB_PASSWORD: 'x' }
    const world = { sections, environment, secrets: ['db/password:ENV_VAR'] }
    const inStaging = podOf({ ...plainPod.object, metadata: { namespace: 'staging' } })
    const allowed = async (...[pod, more]: readonly [typeof plainPod, object]): Promise<boolean> =>
      (await previewed(pod, { ...world, ...more })).refused === undefined
    expect(await allowed(plainPod, { namespace: 'staging', user: 'ci' })).toBe(true)
    expect(await allowed(inStaging, { user: 'ci' })).toBe(true)
    expect(await allowed(inStaging, {})).toBe(false)
    expect(await allowed(plainPod, { user: 'ci' })).toBe(false)
  })

  it('refuses a namespace or a user for a review', async () => {
    const review = { kind: 'AdmissionReview', object: JSON.parse(await example('plain')) } as const
    for (const named of [{ namespace: 'a' }, { user: 'a' }])
      expect(() => previewed(review, named)).toThrow('leave out --namespace and --user')
  })

  it('refuses an invalid pod and names the field', async () => {
    const pod = podOf({ kind: 'Pod', spec: { containers: 'none' } })
    await expect(previewed(pod, { secrets: ['db/password'] })).rejects.toMatchObject({
      message: 'request.object.spec.containers must be a list of objects with a name',
      status: 2,
    })
  })
})

describe('a preview of a variable from a file', () => {
  const asked = 'db/password@1:ENV_VAR=PW'
  const worldOf = (manager: string, section: object, cluster = 'local') => ({
    sections: { webhook: { secretManagerType: manager }, function: { profile: 'flyte1', ...section } },
    secrets: [asked],
    cluster,
  })
  const refusal = 'skipped: it makes only files, but the request wants a variable'

  it('shows the reference, the volume, and that the kubelet reads a file of an init container', async () => {
    const shown = await previewed(plainPod, worldOf('GCP', { envFiles: true }))
    const text = plainText(shown)
    const [, path = ''] = /to_env \/mnt\/flyte-secret-env\/(\w+\.env)\.value /.exec(text) ?? []
    for (const name of ['_FSEC_DB_PASSWORD', 'PW'])
      expect(text).toContain(`
+        - name: ${name}
+          valueFrom:
+            fileKeyRef:
+              volumeName: flyte-secret-env
+              path: ${path}
+              key: V
`)
    expect(text).toContain('+    - name: flyte-secret-env\n+      emptyDir:\n+        medium: Memory\n')
    expect(shown.after).toMatchObject({
      spec: {
        containers: [expect.not.objectContaining({ volumeMounts: expect.anything() })],
        initContainers: [{ volumeMounts: [{ name: 'flyte-secret-env' }] }],
      },
    })
    expect(text).toContain(
      '\n  GCP: will inject (existence not checked): variable FLYTE_SECRETS_ENV_PREFIX; variables _FSEC_DB_PASSWORD, PW; read by the kubelet from a file that an init container writes',
    )
    expect(text).not.toContain('[redacted]')
  })

  it("shows a reference to the file of Vault's agent", async () => {
    const shown = await previewed(plainPod, worldOf('Vault', { envFiles: true }))
    const text = plainText(shown)
    expect(text).toMatch(/fileKeyRef:\n\+ +volumeName: vault-secrets\n\+ +path: \.env\/\w+\n/)
    expect(text).toContain('read by the kubelet from a file that an init container writes; 8 annotations')
    expect(shown.requests).toMatchObject([
      { asked: [{}, { variablesFromFiles: ['_FSEC_DB_PASSWORD', 'PW'] }] },
    ])
  })

  it.each([
    { envFiles: ['prod-*'], cluster: 'prod-1', isFound: true },
    { envFiles: ['prod-*'], cluster: 'test', isFound: false },
    { envFiles: ['prod-*'], cluster: 'local', isFound: false },
    { envFiles: true, cluster: 'test', isFound: true },
  ])('applies to the named cluster: $envFiles, $cluster', async ({ envFiles, cluster, isFound }) => {
    const { requests } = await previewed(plainPod, worldOf('Azure', { envFiles }, cluster))
    expect(requests).toMatchObject([{ asked: [{}, { said: isFound ? 'will inject' : 'skipped' }] }])
  })

  it.each([
    {
      manager: 'GCP',
      section: {},
      way: 'it makes variables with function.envFiles (Kubernetes 1.35 or later)',
    },
    {
      manager: 'Vault',
      section: {},
      way: 'it makes variables with function.envFiles (Kubernetes 1.35 or later)',
    },
    {
      manager: 'AWS',
      section: {},
      way: 'it makes variables with function.envFiles (Kubernetes 1.35 or later) and function.aws.fetcher: cli',
    },
    {
      manager: 'AWS',
      section: { envFiles: true },
      way: 'it makes variables with function.aws.fetcher: cli',
    },
    {
      manager: 'AWS',
      section: { envFiles: ['prod'] },
      way: 'it makes variables with function.aws.fetcher: cli; function.envFiles does not name the calling cluster local: try --cluster <name>',
    },
    {
      manager: 'Azure',
      section: { envFiles: ['prod'] },
      way: 'function.envFiles does not name the calling cluster local: try --cluster <name>',
    },
  ])('that $manager refuses says what would let it create one: $way', async ({ manager, section, way }) => {
    const text = plainText(await previewed(plainPod, worldOf(manager, section)))
    expect(`${text}\n`).toContain(`\n  ${manager}: ${refusal}; ${way}\n`)
  })

  it.each([
    { what: 'by a manager that env files cannot help', manager: 'CSI', pod: plainPod, says: refusal },
    {
      what: 'for another reason',
      manager: 'GCP',
      pod: podOf({ kind: 'Pod', spec: { os: { name: 'windows' }, containers: [] } }),
      says: 'skipped: it needs a Linux container, but the pod is for Windows (spec.os.name)',
    },
  ])('that is refused $what suggests nothing', async ({ manager, pod, says }) => {
    const text = plainText(await previewed(pod, worldOf(manager, {})))
    expect(`${text}\n`).toContain(`\n  ${manager}: ${says}\n`)
  })
})

const planted = 'planted-5d20'
const stored = () => ({ fetch: () => Promise.resolve(value(planted)) })
const fileOf = async (): Promise<object> => {
  const world = { sections: embeddedAws, createSecretSource: stored }
  return (await previewed(labelled, { ...world, secrets: ['/k:FILE'] })).after as object
}

/** Sources of values and ways for them to arrive, mostly matching the pod's requests. */
const worlds = fc.record({
  environment: fc.dictionary(
    fc.constantFrom('FLYTE_SECRET_DB_PASSWORD', 'FLYTE_SECRET_DB_TOKEN', 'FLYTE_SECRET_API_USER'),
    fc.constantFrom(planted, `${planted}$(HOME)`, `${planted}\n`),
    { minKeys: 2 },
  ),
  sections: fc.constantFrom({}, embeddedAws, { function: { profile: 'flyte2' } }),
})

describe('a secret value', () => {
  const forms = [planted, Buffer.from(planted).toString('base64').slice(0, 12)]
  const environment = { FLYTE_SECRET_DB_PASSWORD: planted }
  const before = (name: string, held = planted, ...others: readonly object[]) =>
    podOf({
      kind: 'Pod',
      metadata: { labels },
      spec: { containers: [{ name: 'main', image: 'i', env: [...others, { name, value: held }] }] },
    })
  it.each([
    { what: 'from Global', pod: plainPod, world: { environment, secrets: ['db/password=PW'] }, times: 2 },
    {
      what: 'from Embedded, as a variable',
      pod: labelled,
      world: { sections: embeddedAws, createSecretSource: stored, secrets: ['/k:ENV_VAR=PW'] },
      times: 1,
    },
    {
      what: 'from Embedded, in the environment of the init container that writes files',
      pod: labelled,
      world: { sections: embeddedAws, createSecretSource: stored, secrets: ['/k:FILE'] },
      times: 1,
    },
    {
      what: 'that the pod already holds',
      pod: before('_FSEC_DB_PASSWORD'),
      world: { secrets: ['api/key:ENV_VAR'] },
      times: 1,
    },
    {
      what: 'that the pod holds as env_var, now served by another manager',
      pod: before('PW'),
      world: { secrets: ['db/password:FILE=PW'] },
      times: 1,
    },
    {
      what: 'that the pod holds under another prefix',
      pod: before('_OTHER_DB_PASSWORD', planted, { name: 'FLYTE_SECRETS_ENV_PREFIX', value: '_OTHER_' }),
      world: { secrets: ['api/key:ENV_VAR'] },
      times: 1,
    },
    {
      what: 'that is replaced by a newer one',
      pod: before('_UNION_DB_PASSWORD', `${planted}-old`),
      world: { sections: { function: { profile: 'flyte2' } }, environment, secrets: ['db/password'] },
      times: 1,
    },
  ])('$what is hidden in text and JSON', async ({ pod, world, times }) => {
    const shown = await previewed(pod, world)
    const text = plainText(shown)
    expect(text.split('"[redacted]"')).toHaveLength(times + 1)
    for (const form of forms) {
      expect(text).not.toContain(form)
      expect(JSON.stringify(shown)).not.toContain(form)
    }
  })

  it('is hidden if the pod holds it in an init container, now served by another manager', async () => {
    const { spec, ...rest } = (await fileOf()) as { spec: { initContainers: { env: { value: string }[] }[] } }
    const leaking = structuredClone(spec)
    for (const entry of leaking.initContainers[0]?.env ?? [])
      entry.value = Buffer.from(planted).toString('base64')
    const shown = await previewed(podOf({ kind: 'Pod', ...rest, spec: leaking }), {
      secrets: ['a/b:ENV_VAR'],
    })
    expect(JSON.stringify(shown)).not.toContain(Buffer.from(planted).toString('base64'))
    expect(JSON.stringify(shown.before)).toContain('[redacted]')
  })

  it('is reported as changed if nothing else changes', async () => {
    const env = [
      { name: '_UNION_DB_PASSWORD', value: 'old' },
      { name: 'FLYTE_SECRETS_ENV_PREFIX', value: '_UNION_' },
    ]
    const pod = podOf({ kind: 'Pod', spec: { containers: [{ name: 'main', env }] } })
    const world = { sections: { function: { profile: 'flyte2' } }, environment, secrets: ['db/password'] }
    expect(plainText(await previewed(pod, world))).toMatch(/^only values change, and they are not shown\n/)
  })

  it("is not confused with the path of a file, the variables by which flytekit finds secrets, or the user's own variables", async () => {
    const text = plainText(await previewed(before('OWN', 'shown'), { secrets: ['db/password:FILE=PW_FILE'] }))
    expect(text).toContain('+        - name: PW_FILE\n+          value: /etc/flyte/secrets/db/password\n')
    expect(text).toContain('+          value: /etc/flyte/secrets\n')
    expect(text).toContain('           value: shown\n')
    expect(text).not.toContain('[redacted]')
  })

  it('is hidden in any pod, even one that was served under another configuration', async () => {
    let served = 0
    await fc.assert(
      fc.asyncProperty(pods, worlds, worlds, async (pod, world, later) => {
        const asked = { ...pod, metadata: { ...pod.metadata, labels } }
        const config = configFrom(world.sections)
        const { webhook } = webhookIn({ ...world, config, createSecretSource: stored })
        const { json } = await call(webhook, reviewOf(asked))
        const after = patched(asked, json)
        if (JSON.stringify(after).includes(planted)) served++
        for (const one of [asked, after]) {
          const shown = await previewed(podOf(one), { ...later, createSecretSource: stored })
          for (const output of [plainText(shown), JSON.stringify(shown)])
            for (const form of forms) expect(output).not.toContain(form)
        }
      }),
      { numRuns: 500 },
    )
    // Proves that the secret was planted at all.
    expect(served).toBeGreaterThan(50)
  })
})
