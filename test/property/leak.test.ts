import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCallerCheck } from '../../lib/caller/caller.ts'
import { createHandler } from '../../lib/gateway/handler.ts'
import { logLine } from '../../lib/telemetry/log-line.ts'
import { envFileSections, pods } from '../support/arbitrary-pods.ts'
import { managerNames } from '../support/managers.ts'
import { lambdaContext, eventShapes } from '../support/events.ts'
import { operationsOf } from '../support/patch.ts'
import { configFrom, filesAre, reviewOf, sha256Hex, webhookIn } from '../support/webhook.ts'

const planted = 'planted-secret-9c1e'
const encoder = new TextEncoder()

/** Values that can arrive, and values that cannot: too long for a variable, with a NUL, or not UTF-8. */
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
    webhook: fc.record({ secretManagerTypes: fc.constantFrom(...managerNames).map((name) => [name]) }),
    function: fc.record({
      profile: fc.constantFrom('flyte1', 'flyte2'),
      onFailure: fc.constantFrom('deny', 'admit'),
      ...envFileSections,
    }),
  }),
  pod: pods,
})

/** A caller's token. The tests also use it wrongly. */
const token = 'planted-token-5b0d_planted-token-5b0d_plante'
/** Prefers the usual value, so that secrets do arrive. */
const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })

const paths = mostly(
  `/local/${token}/mutate--v1-pod`,
  `/elsewhere/${token}/mutate--v1-pod`,
  `/local/${token}x/mutate--v1-pod`,
  `/local/${token}/validate`,
  `/${token}`,
)
const methods = mostly('POST', 'GET', 'DELETE')
const headers = mostly<Record<string, string>>(
  { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'X-Secret': planted },
  { 'Content-Type': planted },
)
const calls = fc.record({
  path: paths,
  requestId: mostly('c6af9ac6-7b61-11e6-9a41-93e8deadbeef', token, planted),
  method: methods,
  headers,
  timeout: mostly('15s', token, planted),
})

/** Valid bodies, and some invalid ones. */
const bodyOf = (pod: object) =>
  mostly(
    reviewOf(pod),
    `{"${planted}`,
    JSON.stringify({ kind: planted }),
    reviewOf({ ...pod, spec: planted }),
  )

describe('a secret value and a token, planted everywhere', () => {
  it('occur only in the patch, never in a log line, metric, error, denial, warning or audit annotation', async () => {
    let inPatch = 0
    let byFile = 0
    const cases = worlds.chain((world) => fc.tuple(fc.constant(world), bodyOf(world.pod)))
    await fc.assert(
      fc.asyncProperty(
        cases,
        calls,
        fc.constantFrom(...eventShapes),
        async ([world, body], call, { event }) => {
          const { environment, files, failure, sections } = world
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
          const identifyCaller = createCallerCheck({
            tokenSha256: { local: [sha256Hex(token)] },
            anonymous: false,
          })
          const vaultSecretManager = { role: planted, annotations: { [`${planted}.io/x`]: planted } }
          const config = configFrom({ ...sections, webhook: { ...sections.webhook, vaultSecretManager } })
          const { webhook, records } = webhookIn({ config, environment, fileSystem, identifyCaller })
          const context = { ...lambdaContext(), awsRequestId: planted }
          const answer = await createHandler(webhook)(event({ ...call, body }) as never, context)
          const json = JSON.parse(answer.body)
          if (json.response?.patch !== undefined) {
            const patch = JSON.stringify(operationsOf(json))
            if (patch.includes(planted)) inPatch++
            if (patch.includes('fileKeyRef')) byFile++
            delete json.response.patch
          }
          const outputs = [
            JSON.stringify(answer.headers),
            JSON.stringify(json),
            ...records.map((record) => logLine(record, 0)),
            // The log line leaves out malformed IDs.
            inspect(
              records.map(({ requestId: _, lambdaRequestId: __, ...others }) => others),
              { depth: 9 },
            ),
          ]
          for (const output of outputs) {
            for (const text of [planted, token]) {
              expect(output).not.toContain(text)
              expect(output).not.toContain(Buffer.from(text).toString('base64').slice(0, 20))
            }
          }
        },
      ),
      { numRuns: 5000 },
    )
    // Proves that the values were planted at all.
    expect(inPatch).toBeGreaterThan(100)
    expect(byFile).toBeGreaterThan(100)
  })
})
