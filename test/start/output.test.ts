import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { Output, redactPaths } from '../../infra/start/output.ts'

const lines = [
  { line: '{"level":"error"}', shown: '{"level":"error"}' },
  {
    line: 'POST /local/t0ken/mutate--v1-pod (λ: mutate)',
    shown: 'POST /<cluster>/<token>/mutate--v1-pod (λ: mutate)',
  },
  {
    line: 'at https://localhost:8443/a/b/mutate--v1-pod?x',
    shown: 'at https://localhost:8443/<cluster>/<token>/mutate--v1-pod?x',
  },
  {
    line: '"/a/b/mutate--v1-pod" "/c/d/mutate--v1-pod"',
    shown: '"/<cluster>/<token>/mutate--v1-pod" "/<cluster>/<token>/mutate--v1-pod"',
  },
  { line: 'GET /a/b/healthz', shown: 'GET /<cluster>/<token>/healthz' },
  { line: `seen ${'x'.repeat(43)} here`, shown: 'seen <token> here' },
  { line: 'x'.repeat(44), shown: 'x'.repeat(44) },
  { line: 'at /a/file.ts:12', shown: 'at /a/file.ts:12' },
]

describe('the output of a server', () => {
  it.each(lines)('shows $line as $shown', ({ line, shown }) => {
    expect(redactPaths(line)).toBe(shown)
  })

  it('is buffered until opened, then shown without empty lines and frames', async () => {
    const output = new Output()
    output.follow(Readable.from(['starting\n', ' ┌──┐\n │ POST │ /a/b\n └──┘\n\n']))
    await setImmediate()
    await setImmediate()
    expect(output.held).toEqual(['starting'])
    const shown: string[] = []
    output.open((line) => shown.push(line))
    output.follow(Readable.from(['an ', 'error\n', '\n']))
    await setImmediate()
    await setImmediate()
    expect(shown).toEqual(['an error'])
  })
})
