import { describe, expect, it } from 'vitest'
import { reconcileAnnotations } from '../../lib/pod/annotations.ts'
import type { DesiredAnnotation } from '../../lib/pod/desired.ts'
import { applied, podOf } from './pods.ts'

const annotation = (key: string, value: string, by = 'flyte.secrets/s0'): DesiredAnnotation => ({
  key,
  value,
  when: 'always',
  by: [by],
})
const reconciled = (annotations: Record<string, string>, desired: DesiredAnnotation[], others = false) =>
  reconcileAnnotations(podOf({ metadata: { annotations }, spec: {} }), desired, others)

describe('the annotations of a pod', () => {
  it('are added, whatever their names hold', () => {
    const desired = [annotation('vault.hashicorp.com/role', 'flyte'), annotation('a~b', '$')]
    const { operations } = reconciled({ own: '1' }, desired)
    expect(applied({ metadata: { annotations: { own: '1' } } }, operations).metadata.annotations).toEqual({
      own: '1',
      'vault.hashicorp.com/role': 'flyte',
      'a~b': '$',
    })
  })

  it('of the pod itself are kept, even if empty', () => {
    expect(reconciled({ a: 'own', b: '' }, [annotation('a', 'x'), annotation('b', 'x')]).operations).toEqual(
      [],
    )
  })

  it('with the name of an inherited property are added like others', () => {
    expect(reconciled({}, [annotation('constructor', 'x')]).operations).toHaveLength(1)
  })

  it('for other init containers are added only if some exist', () => {
    const desired: DesiredAnnotation[] = [{ ...annotation('a', 'x'), when: 'other-init-containers' }]
    expect(reconciled({}, desired, false).operations).toEqual([])
    expect(reconciled({}, desired, true).operations).toHaveLength(1)
  })

  it('are refused if together they would exceed 256 KiB, naming every request', () => {
    const most = 256 * 1024
    const own = { own: 'v'.repeat(most - 7) }
    expect(reconciled(own, [annotation('a', 'b'), annotation('b', '1')]).refusals).toBeUndefined()
    const desired = [
      annotation('a', 'b', 's0'),
      annotation('b', '12', 's1'),
      annotation('own', 'x', 's2'),
      annotation('c', '', 's0'),
    ]
    expect(reconciled(own, desired)).toEqual({
      operations: [],
      refusals: [
        {
          by: ['s0', 's1'],
          what: 'the annotations of its secrets',
          why: 'with them the pod would exceed the 256 KiB of annotations that Kubernetes allows',
        },
      ],
    })
  })

  it('can exceed the limit already if the webhook adds none', () => {
    expect(reconciled({ a: 'v'.repeat(300_000) }, [annotation('a', 'x')])).toEqual({ operations: [] })
  })
})
