import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { undocumentedRefusals } from '../messages/known.ts'
import type { Json } from '../support/pods.ts'
import { injectedByVault } from '../support/vault-injector.ts'
import { podAsking } from '../support/webhook.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { OtherWebhook, withoutFileKeys } from './other-webhook.ts'
import { inWorld, namespace, pods, register, unregister, until, webhookOf } from './registration.ts'
import { WebhookServer } from './webhook-server.ts'

const world = 'vault'
const agent = 'vault-agent-init'
const behind = 'vault-agent-injector-cfg'
const inFrontOf = 'a-vault-agent-injector-cfg'
const prepare = { name: 'prepare', image: 'busybox:1.36' }

/** Returns a pod that asks for a variable. */
const asking = (spec: Json = {}, annotations: Json = {}): Json => {
  const secret = { group: 'secret/data/db', key: 'password', mount_requirement: 'ENV_VAR', env_var: 'PW' }
  const pod = inWorld(podAsking(secret), world)
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: 'v-',
      annotations: { ...pod.metadata.annotations, ...annotations },
    },
    spec: { ...pod.spec, ...spec },
  }
}

/** Rewrites the init containers after its own, as vault-k8s before 1.7.1 does. */
const injectedByOldVault = (pod: Json): Json => {
  const { spec, ...rest } = injectedByVault(pod)
  return { ...rest, spec: { ...spec, initContainers: spec.initContainers?.map(withoutFileKeys) } }
}

/** Lists each container with the volume that its variable refers to. */
const referring = ({ spec }: Json): readonly (readonly [string, string | undefined])[] =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ name, env = [] }: Json) => [
    name,
    env.find((entry: Json) => entry.name === 'PW')?.valueFrom.fileKeyRef.volumeName,
  ])

const volume = 'vault-secrets'

describe.skipIf(assets === undefined)('variables of Vault at a real API server', () => {
  let webhooks: WebhookServer
  let injector: OtherWebhook

  /** Starts an API server with this webhook. */
  const start = async (more: { readonly flags?: readonly string[] } = {}): Promise<ApiServer> => {
    const api = await ApiServer.start(assets ?? '', more.flags)
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    await registerOwn(api, {})
    return api
  }
  const registerOwn = async (api: ApiServer, more: Json): Promise<void> => {
    const own = webhookOf({ name: world, url: webhooks.urlOf(world), caBundle: webhooks.caBundle })
    await register(api, 'flyte-pod-webhook', [{ ...own, ...more }])
  }
  const inject = async (api: ApiServer, name: string, mutate: (pod: Json) => Json): Promise<void> => {
    injector.mutate = mutate
    const objectSelector = { matchLabels: { 'e2e-world': world } }
    await register(api, name, [{ ...injector.webhook('vault.hashicorp.com'), objectSelector }])
  }

  beforeAll(async () => {
    ;[webhooks, injector] = await Promise.all([WebhookServer.start(), OtherWebhook.start()])
    await webhooks.deploy(world, {
      sections: { webhook: { secretManagerType: 'Vault' }, function: { envFiles: true } },
    })
  })

  afterAll(async () => {
    injector.stop()
    await webhooks.stop()
  })

  describe('that has the feature', () => {
    let api: ApiServer
    beforeAll(async () => {
      api = await start()
    })
    afterEach(async () => {
      for (const name of [behind, inFrontOf]) await unregister(api, name)
    })
    afterAll(() => api.stop())

    /** Creates a pod once all registered webhooks are called. */
    const created = async (pod: Json, isIt: (json: Json) => boolean): Promise<Json> => {
      let json: Json
      await until('all webhooks are called', async () => {
        json = (await api.send('POST', `${pods}?dryRun=All`, pod)).json
        return isIt(json)
      })
      return json
    }
    const stored = (pod: Json): Promise<Json> => created(pod, ({ kind }) => kind === 'Pod')
    const refused = (pod: Json, text: string): Promise<Json> =>
      created(pod, ({ message = '' }) => message.includes(text))

    it.each([
      {
        what: 'a container alone',
        pod: asking(),
        is: [
          [agent, undefined],
          ['main', volume],
        ],
      },
      {
        what: 'init containers after the agent',
        pod: asking({ initContainers: [prepare] }),
        is: [
          [agent, undefined],
          ['prepare', volume],
          ['main', volume],
        ],
      },
      {
        what: 'init containers that start before the agent',
        pod: asking({ initContainers: [prepare] }, { 'vault.hashicorp.com/agent-init-first': 'false' }),
        is: [
          ['prepare', undefined],
          [agent, undefined],
          ['main', volume],
        ],
      },
    ])('are stored if the injector runs after this webhook: $what', async ({ pod, is }) => {
      await inject(api, behind, injectedByVault)
      const made = await stored(pod)
      expect(referring(made)).toEqual(is)
      expect(made.spec.volumes).toContainEqual({ name: volume, emptyDir: { medium: 'Memory' } })
      expect(made.metadata.annotations).toMatchObject({
        'vault.hashicorp.com/agent-inject-status': 'injected',
      })
    })

    it('are stored unchanged if this webhook is called again after the injector', async () => {
      await inject(api, behind, injectedByVault)
      const pod = asking({ initContainers: [prepare] })
      const once = await stored(pod)
      await registerOwn(api, { reinvocationPolicy: 'IfNeeded' })
      let twice: Json
      await until('it is called again', async () => {
        const before = webhooks.calls.get(world) ?? 0
        twice = (await api.send('POST', `${pods}?dryRun=All`, pod)).json
        return webhooks.calls.get(world) === before + 2
      })
      expect(twice.spec).toEqual(once.spec)
      expect(twice.metadata.annotations).toEqual(once.metadata.annotations)
      await registerOwn(api, {})
    })

    it('are refused without an injector, with a documented message', async () => {
      const { code, details } = await refused(asking(), 'Not found')
      const at = (index: number) => `spec.containers[0].env[${index}].valueFrom.fileKeyRef.volumeName`
      expect({ code, causes: details.causes }).toEqual({
        code: 422,
        causes: [1, 2].map((index) => ({
          reason: 'FieldValueNotFound',
          message: 'Not found: "vault-secrets"',
          field: at(index),
        })),
      })
      expect(undocumentedRefusals(details.causes)).toEqual([])
    })

    it('are refused if the injector is called before this webhook', async () => {
      await inject(api, inFrontOf, injectedByVault)
      const { details } = await refused(asking(), 'Not found: "vault-secrets"')
      expect(undocumentedRefusals(details.causes)).toEqual([])
    })

    it('are refused if an old injector drops the field, with a documented message', async () => {
      await inject(api, behind, injectedByOldVault)
      const { code, details } = await refused(asking({ initContainers: [prepare] }), 'must specify one of')
      expect({ code, field: details.causes[0].field }).toEqual({
        code: 422,
        field: 'spec.initContainers[1].env[1].valueFrom',
      })
      expect(undocumentedRefusals(details.causes)).toEqual([])
    })
  })

  it('are refused if the feature gate is off, with a documented message', async () => {
    const api = await start({ flags: ['--feature-gates=EnvFiles=false'] })
    try {
      await inject(api, behind, injectedByVault)
      let json: Json
      await until('all webhooks are called', async () => {
        json = (await api.send('POST', `${pods}?dryRun=All`, asking())).json
        return json.kind === 'Status'
      })
      expect(undocumentedRefusals(json.details.causes)).toEqual([])
    } finally {
      await api.stop()
    }
  })
})
