import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Want } from '../../lib/manager-kit/wants.ts'
import { podAsking, reviewedBy } from '../managers/decided.ts'
import { madeFor, variable } from '../managers/made.ts'
import { operationsOf, patched } from '../support/patch.ts'
import type { Json } from '../support/pods.ts'
import { ApiServer } from './api-server.ts'
import { assets } from './assets.ts'
import { namespace, pods } from './registration.ts'

const root = '/etc/flyte/secrets'
const volume = (name: string, source: Json): Want => ({
  kind: 'volume',
  name,
  mountPath: `${root}/${name}`,
  source,
})

/** Wants of no built-in manager that a manager from elsewhere can have. */
const rows = [
  {
    what: 'volumes of any kind',
    manager: madeFor({
      a: [
        volume('csi', {
          csi: { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { class: 'db' } },
        }),
        volume('csi-writable', { csi: { driver: 'secrets-store.csi.k8s.io', readOnly: false } }),
        volume('projected', {
          projected: {
            sources: [
              { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
              { secret: { name: 'db', items: [{ key: 'k', path: 'k' }], optional: false } },
            ],
          },
        }),
        volume('empty', { emptyDir: {} }),
        volume('nfs', { nfs: { server: 's', path: '/', readOnly: false } }),
        variable,
      ],
    }),
  },
  {
    what: 'an init container with a variable from a Secret',
    manager: madeFor(
      {
        a: [{ kind: 'fetch', identity: 'f', name: 'fetched', mountPath: root, step: {} }, variable],
      },
      [
        {
          name: 'fetch',
          image: 'i',
          resources: {},
          env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'robot', key: 'token' } } }],
          volumeMounts: [{ name: 'fetched', mountPath: '/m' }],
        },
      ],
    ),
  },
]

describe.skipIf(assets === undefined)(
  'a pod with the wants of a manager, stored by a real API server',
  () => {
    let api: ApiServer
    beforeAll(async () => {
      api = await ApiServer.start(assets ?? '')
      await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
    }, 120_000)
    afterAll(() => api.stop())

    it.each(rows)('is valid and complete: $what', async ({ manager }) => {
      const pod = podAsking({ key: 'a' })
      const wanted = patched(pod, await reviewedBy([manager], pod))
      const { status, json } = await api.send('POST', `${pods}?dryRun=All`, wanted)
      expect(status, JSON.stringify(json)).toBe(201)
      const again = await reviewedBy([manager], { ...json, apiVersion: 'v1', kind: 'Pod' })
      expect(again.response.status).toBeUndefined()
      expect(operationsOf(again)).toEqual([])
    })
  },
)
