import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { configOf, noticesOf, problemsOf } from './outcome.ts'

/** Reads a reported configuration, with personal details replaced. */
const fromField = (file: string): Promise<string> =>
  readFile(new URL(`../field/${file}`, import.meta.url), 'utf8')

describe('a configuration from the field', () => {
  it("with Flyte 2's own section but no profile is refused, key by key", async () => {
    expect(problemsOf(await fromField('flyte2-section-without-profile/webhook.yaml'))).toEqual([
      expect.stringMatching(/^7 webhook\.secretManagerTypes: is a key of Flyte 2/),
      expect.stringMatching(/^9 webhook\.embeddedSecretManagerConfig: is a key of Flyte 2/),
    ])
  })

  it("copied from the values of Flyte's chart is refused, and each setting of a Deployment is named as such", async () => {
    const problems = problemsOf(await fromField('chart-values-pasted/webhook-chart-section.yaml'))
    const settings = [
      'enabled',
      'priorityClassName',
      'serviceAccount',
      'service',
      'annotations',
      'podAnnotations',
      'podEnv',
      'podLabels',
      'affinity',
      'topologySpreadConstraints',
      'nodeSelector',
      'securityContext',
      'resources',
      'strategy',
      'autoscaling',
      'prometheus',
    ]
    expect(problems.map((problem) => problem.replace(/^\d+ /, ''))).toEqual(
      settings.map(
        (setting) =>
          `webhook.${setting}: is a setting of the Deployment in Flyte's Helm chart: remove it, because a function has no Deployment`,
      ),
    )
  })

  it('with a section in two files is merged, as in Flyte', async () => {
    const text = await fromField('section-in-two-files/webhook.yaml')
    expect(configOf(text).webhook.secretManagerTypes).toEqual(['AWS'])
    expect(noticesOf(text)).toContain(
      '7 webhook: also in line 1: the two are merged, as Flyte merges a section from several files',
    )
  })

  it('with a merge key is accepted, as in Flyte', async () => {
    const { awsSecretManager, gcpSecretManager } = configOf(
      await fromField('yaml-merge-key/webhook.yaml'),
    ).webhook
    expect(awsSecretManager.resources.requests).toEqual({ cpu: '50m', memory: '64Mi' })
    expect(gcpSecretManager.resources).toEqual(awsSecretManager.resources)
  })
})
