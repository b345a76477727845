import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHandler } from '../../lib/gateway/handler.ts'
import { pods } from '../support/arbitrary-pods.ts'
import { eventShapes } from '../support/events.ts'
import { operationsOf } from '../support/patch.ts'
import { configFrom, filesAre, reviewOf, webhookIn } from '../support/webhook.ts'

const planted = 'planted-secret-9c1e'
const encoder = new TextEncoder()

/** Values that arrive, and values that cannot: too long for a variable, with a NUL, not UTF-8. */
const environmentValues = fc.constantFrom(
  planted,
  `${planted}$(HOME)`,
  `${planted}\0`,
  planted.repeat(8000),
  `${planted}\n`,
)
const fileContents = fc.constantFrom<string | Uint8Array>(
  planted,
  `${planted}\0`,
  Uint8Array.from([...encoder.encode(planted), 0xff]),
)
const failures = fc.constantFrom('EIO', 'EACCES', 'ENOENT', undefined)

const named = (...names: readonly string[]) => fc.constantFrom(...names)

const worlds = fc.record({
  environment: fc.dictionary(
    named(
      'FLYTE_SECRET_DB_PASSWORD',
      'FLYTE_SECRET_DB_TOKEN',
      'FLYTE_SECRET_API_USER',
      'FLYTE_SECRET_API_A.B',
    ),
    environmentValues,
    { minKeys: 3 },
  ),
  files: fc.dictionary(
    named(
      '/etc/secrets/db/user',
      '/etc/secrets/db/a.b',
      '/etc/secrets/api/token',
      '/etc/secrets/api/password',
    ),
    fileContents,
    { minKeys: 3 },
  ),
  failure: failures,
  sections: fc.record({
    webhook: fc.record({ secretManagerTypes: fc.constantFrom(['K8s'], ['Global'], ['AWS'], ['Vault']) }),
    function: fc.record({
      profile: fc.constantFrom('flyte1', 'flyte2'),
      onFailure: fc.constantFrom('deny', 'admit'),
    }),
  }),
  pod: pods,
})

describe('a secret value planted in environment and files', () => {
  it('occurs in no log line, error, denial, warning or audit annotation, only in the patch', async () => {
    let inPatch = 0
    await fc.assert(
      fc.asyncProperty(
        worlds,
        fc.constantFrom(...eventShapes),
        async ({ environment, files, failure, sections, pod }, { event }) => {
          const { exists, readFile } = filesAre(files)
          const fileSystem = {
            exists,
            readFile: async (path: string, options: { signal: AbortSignal }) => {
              const content = await readFile(path, options)
              if (failure !== undefined)
                throw Object.assign(new Error(`${planted} of ${path}`), { code: failure })
              return content
            },
          }
          const { webhook, log } = webhookIn({ config: configFrom(sections), environment, fileSystem })
          const answer = await createHandler(webhook)(event({ body: reviewOf(pod) }) as never, {} as never)
          const json = JSON.parse(answer.body)
          if (json.response?.patch !== undefined) {
            if (JSON.stringify(operationsOf(json)).includes(planted)) inPatch++
            delete json.response.patch
          }
          const outputs = [
            JSON.stringify(answer.headers),
            JSON.stringify(json),
            JSON.stringify(log),
            inspect(webhook, { depth: 9 }),
          ]
          for (const output of outputs) {
            expect(output).not.toContain(planted)
            expect(output).not.toContain(Buffer.from(planted).toString('base64').slice(0, 20))
          }
        },
      ),
      { numRuns: 3000 },
    )
    // Otherwise nothing was planted where it could be found.
    expect(inPatch).toBeGreaterThan(100)
  })
})
