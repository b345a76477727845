// One instance of a function: loads a module, calls its handler with a body, and writes what it took to standard error, in microseconds.
// node test/bench/life-worker.cjs MODULE BODY CALLS. CommonJS, and no other module of Node than AWS's runtime client loads before a function
// (aws-lambda-ric 4): what else the function needs, it loads in its own time.
process.getBuiltinModule('node:http')
const { readFileSync, writeSync } = require('node:fs')

const [, , module_, bodyFile, calls] = process.argv
const body = readFileSync(bodyFile, 'utf8')
const token = 'x'.repeat(43)
const now = () => Number(process.hrtime.bigint()) / 1000

const event = () => ({
  httpMethod: 'POST',
  path: `/production/${token}/mutate--v1-pod`,
  headers: { 'Content-Type': 'application/json' },
  queryStringParameters: { timeout: '15s' },
  requestContext: { requestTimeEpoch: Date.now(), requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef' },
  body,
  isBase64Encoded: false,
})
const context = {
  getRemainingTimeInMillis: () => 8000,
  awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
}

const live = async () => {
  const start = now()
  const { handler } = require(module_)
  const loadUs = now() - start
  const callsUs = []
  while (callsUs.length < Number(calls)) {
    const called = event()
    const before = now()
    const { statusCode } = await handler(called, context)
    callsUs.push(now() - before)
    if (statusCode !== 200) throw new Error(`the call was answered ${statusCode}`)
  }
  writeSync(2, JSON.stringify({ loadUs, callsUs }))
}

void live()
