// Answers reviews with a built bundle in a process of its own, whose heap is as large as Lambda's, and says what each cost.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [bundle, plain, ...files] = process.argv.slice(2)
const { handler } = createRequire(import.meta.url)(bundle)
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The quickest of three runs: on a busy machine the others say more of the machine. */
const timed = async (work) => {
  let ms = Number.POSITIVE_INFINITY
  let result
  for (let count = 0; count < 3; count++) {
    const start = performance.now()
    result = await work()
    ms = Math.min(ms, performance.now() - start)
  }
  return { result, ms }
}
const answer = (event) =>
  handler(
    { ...event, requestContext: { ...event.requestContext, requestTimeEpoch: Date.now() } },
    { getRemainingTimeInMillis: () => 8000 },
  )

const plainEvent = read(plain)
for (let count = 0; count < 200; count++) await answer(plainEvent)
/** What the machine takes at this moment for a known piece of work: to parse 3 MB of small objects. */
const yardstick = JSON.stringify(
  Array.from({ length: 90_000 }, (_, index) => ({ name: `V${index}`, value: 'x' })),
)
for (const file of files) {
  const event = read(file)
  const known = await timed(() => JSON.parse(yardstick))
  const call = await timed(() => answer(event))
  const { statusCode, body } = call.result
  const { response } = JSON.parse(body)
  const patchBytes = response?.patch?.length ?? 0
  const line = { file, statusCode, allowed: response?.allowed, bytes: Buffer.byteLength(body), patchBytes }
  process.stdout.write(`${JSON.stringify({ ...line, callMs: call.ms, yardstickMs: known.ms })}\n`)
}
