import { run } from './program.ts'
import { restEvent } from './events.ts'
import type { Json } from './pods.ts'
import { sha256Hex } from './webhook.ts'

/** Prints the result to standard error: the log has standard output. */
const script = `
  const [, file, event] = process.argv
  const context = { getRemainingTimeInMillis: () => 8000 }
  void require(file).handler(JSON.parse(event), context).then((result) => console.error(JSON.stringify(result)))
`

/** Calls a bundle with an AdmissionReview in a process of its own, as Lambda does, and returns the answering review. */
export const callBundle = async (file: string, body: string): Promise<Json> => {
  const program = run(process.execPath, ['--eval', script, file, JSON.stringify(restEvent({ body }))], {
    env: { CALLER_TOKEN_SHA256: `local=${sha256Hex('token')}` },
  })
  const status = await program.ended
  if (status !== 0) throw new Error(`the bundle ended with ${status}: ${program.stderr()}`)
  const { statusCode, body: answer } = JSON.parse(program.stderr())
  if (statusCode !== 200) throw new Error(`the bundle answered ${statusCode}: ${answer}`)
  return JSON.parse(answer)
}
