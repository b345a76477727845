import type { Terminal } from '../../infra/cli/terminal.ts'

/** Creates a terminal that records its output. */
export const captureTerminal = () => {
  const written = { stdout: '', stderr: '' }
  const note = (text: string) => void (written.stderr += `${text}\n`)
  const terminal: Terminal = {
    write: (text) => void (written.stdout += `${text}\n`),
    note,
    warn: (text) => note(`warning: ${text}`),
    fail: (text) => note(`error: ${text}`),
    styled: (_, text) => text,
    wait: (_, work) => work,
  }
  return { terminal, written }
}
