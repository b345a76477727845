// npm run bench:caller: checks if the duration of a caller's check reveals what is wrong with a path. Prints Welch's t for
// each kind of wrong path against the right one. |t| above 4.5 would be a leak (the threshold of dudect).
import { createHash, randomBytes } from 'node:crypto'
import { createCallerCheck } from '../../lib/caller/caller.ts'

const calls = 100_000
const token = randomBytes(32).toString('base64url')
const digest = createHash('sha256').update(token).digest('hex')
const identify = createCallerCheck({ tokenSha256: { production: [digest] }, anonymous: false })

const right = `/production/${token}/mutate--v1-pod`
const wrong = {
  'wrong token': `/production/${randomBytes(32).toString('base64url')}/mutate--v1-pod`,
  'right except for its last character': `/production/${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}/mutate--v1-pod`,
  'short token': '/production/short/mutate--v1-pod',
  'unknown cluster': `/nowhere000/${token}/mutate--v1-pod`,
  'name that no cluster can have': `/Production/${token}/mutate--v1-pod`,
}

/** Returns the nanoseconds of each call. The two paths alternate at random. It drops the slowest tenth as noise of the machine. */
const measure = (paths: readonly [string, string]): readonly [number[], number[]] => {
  const times: [number[], number[]] = [[], []]
  const order = randomBytes(calls * 2)
  for (const byte of order) {
    const which = (byte & 1) as 0 | 1
    const start = process.hrtime.bigint()
    identify(paths[which])
    times[which].push(Number(process.hrtime.bigint() - start))
  }
  const trimmed = (list: number[]) => list.toSorted((a, b) => a - b).slice(0, Math.floor(list.length * 0.9))
  return [trimmed(times[0]), trimmed(times[1])]
}

const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
const variance = (list: readonly number[], average: number) =>
  list.reduce((sum, value) => sum + (value - average) ** 2, 0) / (list.length - 1)

measure([right, right])
console.log(`${calls.toLocaleString('en-US')} calls of each path, in nanoseconds`)
for (const [what, path] of Object.entries({ 'right again (the measure of noise)': right, ...wrong })) {
  const [a, b] = measure([right, path])
  const [ma, mb] = [mean(a), mean(b)]
  const t = (ma - mb) / Math.sqrt(variance(a, ma) / a.length + variance(b, mb) / b.length)
  console.log(`${what.padEnd(36)} right ${ma.toFixed(0)}  this ${mb.toFixed(0)}  t = ${t.toFixed(2)}`)
}
