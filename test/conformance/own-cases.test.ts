import { describe, expect, it } from 'vitest'
import type { Json } from '../support/pods.ts'
import { ownCases } from './recorded-cases.ts'

/** The cases that result in a pod, with that pod. */
const served = ownCases
  .filter(({ expect: { allowed } }) => allowed)
  .map((one) => ({ id: one.id, one, pod: one.expect.pod ?? one.pod }))

const volumes = ['flyte-secret-env', 'vault-secrets']
const prefixes: Json = { flyte1: '_FSEC_', flyte2: '_UNION_' }
const writers = /^(aws-pull-secrets|(gcp|azure)-pull-secret-\d+|vault-agent-init)$/

const referenceOf = ({ valueFrom }: Json): Json => valueFrom?.fileKeyRef
const referencesOf = ({ env = [] }: Json): readonly Json[] => env.map(referenceOf).filter(Boolean)
const initContainersOf = ({ spec }: Json): readonly Json[] => spec.initContainers ?? []

/** Returns the containers that can have variables from files: those that start after all files are written. */
const late = (pod: Json): readonly Json[] => {
  const init = initContainersOf(pod)
  const last = init.findLastIndex(({ name }) => writers.test(name))
  const isLast = pod.metadata.annotations['vault.hashicorp.com/agent-init-first'] === 'false'
  return [...(isLast ? [] : init.slice(last + 1)), ...pod.spec.containers]
}

/** Returns the requests for variables, except K8s's. */
const variablesIn = ({ secrets, config }: Json): readonly Json[] =>
  Object.values<Json>(secrets).filter(
    ({ mount_requirement, group, key }) =>
      mount_requirement === 'ENV_VAR' &&
      !(config.webhook.secretManagerTypes.includes('K8s') && group !== undefined && key !== undefined),
  )

const namesOf = ({ group, key, env_var }: Json, profile: string): readonly string[] => {
  const found = [group, key].filter((part) => part !== undefined).join('_')
  return [`${prefixes[profile]}${found.toUpperCase()}`, ...(env_var === undefined ? [] : [env_var])]
}

/** Returns the words of all init containers and all annotations, which write the files and name their paths. */
const toldIn = (pod: Json): readonly string[] => [
  ...initContainersOf(pod).flatMap(({ command = [] }) => command),
  ...Object.values<string>(pod.metadata.annotations),
]

describe('in the pod of every case of our own', () => {
  it.each(served)('each variable refers to a file if the file is written in time: $id', ({ one, pod }) => {
    for (const secret of variablesIn(one))
      for (const name of namesOf(secret, one.profile))
        for (const { env } of late(pod)) {
          const entries = env.filter((entry: Json) => entry.name === name)
          const isKept = one.profile === 'flyte1' && entries[0]?.value === 'own'
          if (isKept) continue
          expect(entries.map(referenceOf)).toEqual([
            expect.objectContaining({ volumeName: expect.toBeOneOf(volumes), key: 'V' }),
          ])
        }
  })

  it.each(served)('no earlier container refers to a file: $id', ({ pod }) => {
    const lates = new Set(late(pod).map(({ name }) => name))
    const early = initContainersOf(pod).filter(({ name }) => !lates.has(name))
    expect(early.flatMap(referencesOf)).toEqual([])
  })

  it.each(served)('each file is written once: $id', ({ pod }) => {
    for (const { path } of pod.spec.containers.flatMap(referencesOf)) {
      const told = toldIn(pod).filter((text) => text.includes(path))
      expect(told).toHaveLength(1)
    }
  })

  it.each(served)('only containers that write the files mount their volume: $id', ({ pod }) => {
    const mounting = [...initContainersOf(pod), ...pod.spec.containers].filter(({ volumeMounts = [] }) =>
      volumeMounts.some((mount: Json) => mount.name === 'flyte-secret-env'),
    )
    expect(mounting.filter(({ name }) => !writers.test(name))).toEqual([])
  })
})
