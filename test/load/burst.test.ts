import { describe, expect, it } from 'vitest'
import { withApiServerDefaults, type Json } from '../support/pods.ts'
import { patched } from '../support/patch.ts'
import { call, reviewOf, webhookIn } from '../support/webhook.ts'
import { burstEnvironment, burstPod, kindOfBurstPod } from './burst-pod.ts'

/** Returns a served pod as an API server stores it. */
const served = async (index: number): Promise<Json> => {
  const { webhook } = webhookIn({ environment: burstEnvironment })
  const pod = burstPod(index)
  const { json } = await call(webhook, reviewOf(pod))
  return withApiServerDefaults(patched(pod, json))
}

describe('a stored pod of a burst', () => {
  it('is served if it has what it asked for', async () => {
    expect(kindOfBurstPod(await served(17))).toBe('served')
  })

  it('is untouched if it is unchanged', () => {
    expect(kindOfBurstPod(withApiServerDefaults(burstPod(17)))).toBe('untouched')
  })

  it.each<{ what: string; change: (pod: Json) => void }>([
    { what: 'has the secrets of another pod', change: (pod) => (pod.metadata.name = 'burst-27') },
    { what: 'lacks a variable', change: ({ spec }) => spec.containers[0].env.pop() },
    {
      what: 'has a variable twice',
      change: ({
        spec: {
          containers: [{ env }],
        },
      }) => env.push(env[0]),
    },
    { what: 'lacks its volume', change: ({ spec }) => delete spec.volumes },
    { what: 'can write its files', change: ({ spec }) => delete spec.containers[0].volumeMounts[0].readOnly },
    {
      what: 'has another value',
      change: ({ spec }) => (spec.containers[0].env.at(-1).value = 'value-of-k8'),
    },
  ])('is wrong if it $what', async ({ change }) => {
    const pod = await served(17)
    change(pod)
    expect(kindOfBurstPod(pod)).toBe('wrong')
  })
})
