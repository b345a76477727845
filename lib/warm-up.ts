import type { BundledConfig } from './config/config.ts'
import { type Decided, decide } from './decision.ts'
import { literal, type SecretManager } from './manager-kit/manager.ts'
import type { MaybeLater } from './maybe-later.ts'
import { partLabel } from './pod/pod.ts'
import { requestPrefix } from './request/annotations.ts'
import { createPolicy } from './webhook.ts'

/** The smallest pod that asks for a secret: `a/b`. */
const createdPod = {
  metadata: {
    labels: { [partLabel]: 'true' },
    annotations: { [`${requestPrefix}0`]: 'm4zg54lqhiqceyjcbjvwk5j1eargeiqk' },
  },
  spec: { containers: [{ name: 'main' }] },
}

const request = {
  apiVersion: 'admission.k8s.io/v1',
  uid: '',
  namespace: '',
  user: '',
  createdPod,
  bodyBytes: 0,
} as const

/** Reads nothing, whatever the configuration. */
const manager: SecretManager = {
  name: 'warm-up',
  resolve: () => ({ kind: 'found', wants: [literal('A', '')] }),
}

/**
 * Decides about a pod that nobody creates: V8 compiles a function when it is first called. Lambda gives the init phase a
 * whole processor, and a call only the share of its memory, so the first pod waits less (docs/performance.md).
 */
export const warmUp = (config: BundledConfig): MaybeLater<Decided> =>
  decide({ request, cluster: undefined }, createPolicy(config, [manager]), new AbortController().signal)
