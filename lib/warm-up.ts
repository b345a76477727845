import type { BundledConfig } from './config/config.ts'
import type { Result } from './errors.ts'
import { literal } from './manager-kit/manager.ts'
import type { Change } from './pod/change.ts'
import { merge } from './pod/merge.ts'
import { readPod } from './pod/pod.ts'
import { reconcile } from './pod/reconcile.ts'
import { soundWants } from './pod/want-rules.ts'
import { readSecretRequests } from './request/annotations.ts'
import { createPolicy } from './webhook.ts'

const pod = readPod({
  metadata: { annotations: { 'flyte.secrets/s0': 'm4zg54lqhiqceyjcbjvwk5j1eargeiqk' } },
  spec: { containers: [{ name: 'main' }] },
})

/**
 * Runs the steps that all configurations share on an imaginary pod with one variable: V8 compiles a function when it is
 * first called. Lambda gives the init phase a whole processor, and a call only the share of its memory. So the first pod
 * waits less (docs/performance.md). This reads nothing and asks no manager.
 */
export const warmUp = (config: BundledConfig): Result<Change> | undefined => {
  if (pod.kind === 'malformed') return undefined
  readSecretRequests(pod.pod.annotations)
  const { sound } = soundWants([{ annotation: '', manager: '', wants: [literal('A', '')] }])
  return reconcile(pod.pod, { ...merge(sound).merged, pulls: undefined }, createPolicy(config, []))
}
