import type { Terminal } from '../../infra/cli/terminal.ts'

/** A terminal that keeps what is written to it. */
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
