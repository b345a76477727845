import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** The last segments of a registered URL. The one before the resource is a credential. */
const credentialPath = /\/[^/\s"']+\/[^/\s"']+(?=\/(?:mutate--v1-pod|healthz))/g
/** A token anywhere in a line: 256 bits as base64url. */
const token = /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g

/** Whether a line is empty, or belongs to the frame of serverless-offline's table of routes. */
const isDecoration = (line: string): boolean => line.trim() === '' || /^\s*[┌│└]/.test(line)

/** Hides the credential of every request path in a line. */
export const redactPaths = (line: string): string =>
  line.replaceAll(credentialPath, '/<cluster>/<token>').replaceAll(token, '<token>')

/**
 * The output of a server process, line by line, without decoration and credentials. Holds lines back until `open` is called:
 * those of the start matter only if the start fails.
 */
export class Output {
  readonly #held: string[] = []
  #print: ((line: string) => void) | undefined

  /** Reads a stream until its end. */
  follow(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => this.#take(line))
  }

  /** Prints each line from now on, and drops the lines that were held back. */
  open(print: (line: string) => void): void {
    this.#print = print
  }

  /** The lines that were held back so far. */
  get held(): readonly string[] {
    return this.#held
  }

  #take(line: string): void {
    if (isDecoration(line)) return
    const safe = redactPaths(line)
    if (this.#print === undefined) this.#held.push(safe)
    else this.#print(safe)
  }
}
