// Answers reviews with a built bundle, in a separate process with a heap as large as Lambda's, and prints the cost of each.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [bundle, plain, ...files] = process.argv.slice(2)
const { handler } = createRequire(import.meta.url)(bundle)
const read = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** Returns the fastest of three runs, because on a busy machine the others measure the machine. */
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
/** A known piece of work, parsing 3 MB of small objects, that shows the machine's current speed. */
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
