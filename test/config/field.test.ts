import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { problemsOf } from './outcome.ts'

/** A configuration as somebody reported it; personal details are replaced. */
const fromField = (file: string): Promise<string> =>
  readFile(new URL(`../field/${file}`, import.meta.url), 'utf8')

describe('a configuration from the field', () => {
  it("that has Flyte 2's own section without a profile is refused, key by key", async () => {
    expect(problemsOf(await fromField('flyte2-section-without-profile/webhook.yaml'))).toEqual([
      expect.stringMatching(/^7 webhook\.secretManagerTypes: is a key of Flyte 2/),
      expect.stringMatching(/^9 webhook\.embeddedSecretManagerConfig: is a key of Flyte 2/),
    ])
  })
})
