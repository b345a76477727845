import { describe, expect, it } from 'vitest'
import { undocumentedIn } from '../messages/known.ts'
import { call, configFrom, podAsking, reviewOf, webhookIn } from '../support/webhook.ts'

const answerTo = async (group: string, groups: readonly string[]) => {
  const config = configFrom({
    webhook: { secretManagerTypes: ['GCP', 'K8s'] },
    function: { profile: 'flyte1', managers: { gcp: { groups } } },
  })
  const asked = reviewOf(podAsking({ group, group_version: '1', key: 'k', mount_requirement: 'FILE' }))
  return call(webhookIn({ config }).webhook, asked)
}

describe('a manager with a list of groups', () => {
  it.each([
    { group: 'csi-db', groups: ['csi-*'], served: 'GCP:1' },
    { group: 'CSI-DB', groups: ['csi-*'], served: 'GCP:1' },
    { group: 'db', groups: ['a', 'd*'], served: 'GCP:1' },
    { group: 'db', groups: ['csi-*'], served: 'K8s:1' },
  ])('serves $group with $groups as $served', async ({ group, groups, served }) => {
    const { json } = await answerTo(group, groups)
    expect(json.response.auditAnnotations.injected).toBe(served)
  })

  it('names its list as the reason', async () => {
    const { status, json } = await answerTo('NOT_A_SECRET', ['csi-*'])
    expect(json.response.status.message).toContain(
      'GCP: function.managers.GCP.groups does not name the group',
    )
    expect(undocumentedIn(status, json)).toEqual([])
  })
})

describe('an entry of function.managers', () => {
  const parsed = (managers: object) =>
    configFrom({ webhook: { secretManagerType: 'K8s' }, function: { managers } })

  it('changes nothing if it is empty', () => {
    expect(parsed({ K8s: {} })).toEqual(parsed({}))
  })
})
