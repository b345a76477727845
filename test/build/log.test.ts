import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../infra/build/bundle.ts'
import { configOf, sha256Hex } from '../support/webhook.ts'

const calls = 2000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-'))
})
afterAll(() => rm(folder, { recursive: true }))

const readSlowly = async (log: Readable): Promise<string> => {
  const chunks: Buffer[] = []
  await setTimeout(500)
  for await (const chunk of log) {
    chunks.push(chunk)
    await setTimeout(20)
  }
  return Buffer.concat(chunks).toString()
}

describe('the log of the packaged function', () => {
  it('keeps every line whole when its reader is slow and another module has opened the output', async () => {
    const { file } = await bundle({ config: configOf(''), outDir: folder })
    // Opening the stream makes the pipe non-blocking. A full pipe then refuses a line instead of waiting.
    const script = `process.stdout
      const { handler } = require(${JSON.stringify(file)})
      const context = { getRemainingTimeInMillis: () => 8000 }
      const call = async () => {
        for (let count = 0; count < ${calls}; count++) {
          await handler({}, context)
          await new Promise(setImmediate)
        }
      }
      void call()`
    const child = spawn(process.execPath, ['--eval', script], {
      env: { CALLER_TOKEN_SHA256: `local=${sha256Hex('token')}` },
    })
    const lines = (await readSlowly(child.stdout)).trimEnd().split('\n')
    expect(lines).toHaveLength(calls)
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(Array(calls).fill('refused-caller'))
  })
})
