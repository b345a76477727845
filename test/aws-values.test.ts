import { describe, expect, it } from 'vitest'
import { createAwsValues } from '../lib/aws-values.ts'
import { builtIn } from '../lib/managers/built-in.ts'
import { createManagers } from '../lib/secret-managers.ts'
import type { Fetched } from '../lib/stores/secret-source.ts'
import { configFrom, filesAre } from './support/webhook.ts'

/** Returns the options of each source that the configuration creates. */
const sourcesOf = (sections: object): object[] => {
  const made: object[] = []
  const config = configFrom(sections)
  const awsValues = createAwsValues(config, (options) => {
    made.push(options)
    return { fetch: () => Promise.resolve({ kind: 'absent' }) }
  })
  createManagers(config, builtIn, { environment: {}, fileSystem: filesAre({}), awsValues })
  return made
}
const webhook = {
  secretManagerType: 'Embedded',
  embeddedSecretManagerConfig: { type: 'AWS', awsConfig: { region: 'us-east-2' } },
}
const profile = 'flyte1'
const globalSecrets = { secretsManager: [{ secretId: 'db' }] }

describe('a source of Secrets Manager', () => {
  it("has only Embedded's own region", () => {
    expect(sourcesOf({ webhook, function: { profile } })).toEqual([{ region: 'us-east-2' }])
  })

  it("has AWS's region for global secrets, whatever Embedded's region", () => {
    expect(sourcesOf({ webhook, function: { profile, globalSecrets } })).toEqual([
      {},
      { region: 'us-east-2' },
    ])
  })

  it('prefers the region and endpoint of function.aws', () => {
    const aws = { region: 'eu-west-1', endpoint: 'https://vpce.example.com' }
    expect(sourcesOf({ webhook, function: { profile, globalSecrets, aws } })).toEqual([aws, aws])
  })
})

it('the start fetches all global secrets, even more than a pod can request', async () => {
  const secretsManager = Array.from({ length: 150 }, (_, index) => ({ secretId: `s${index}` }))
  const asked: string[] = []
  const values = createAwsValues(configFrom({ function: { globalSecrets: { secretsManager } } }), () => ({
    fetch: async (name): Promise<Fetched> => {
      asked.push(name)
      return { kind: 'absent' }
    },
  }))
  await values.prefetch(new AbortController().signal)
  expect(asked).toHaveLength(150)
})

it('the next call asks again for a missing global secret', async () => {
  let asked = 0
  const values = createAwsValues(configFrom({ function: { globalSecrets } }), () => ({
    fetch: async (): Promise<Fetched> => {
      asked += 1
      return { kind: 'absent' }
    },
  }))
  for (let call = 0; call < 3; call += 1)
    await values.globalSecrets?.get('db', 'k', new AbortController().signal)
  expect(asked).toBe(3)
})
