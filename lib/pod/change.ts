import { isNonEmpty, ok, type Refusal, type Result, unique } from '../errors.ts'
import type { Operation } from './json-patch.ts'

/** Where a container does not get a variable as it is for the others, or got another one before. */
export interface Meeting {
  readonly variable: string
  readonly container: string
  /** Its own variable stayed, or went; or it starts before the file is written from which the variable comes. */
  readonly outcome: 'kept' | 'replaced' | 'too-early'
}

/** What one part of the pod needs. */
export interface Part {
  readonly operations: readonly Operation[]
  readonly refusals?: readonly Refusal[]
  readonly meetings?: readonly Meeting[]
}

/** What the whole pod needs: a patch, or nothing because it is already as desired. */
export interface Change {
  /** A JSON patch (RFC 6902) of at least one operation, as JSON. */
  readonly patch: string | undefined
  /** How many operations it has. */
  readonly operations: number
  /** The size of the patch in bytes, or a little more. */
  readonly patchBytes: number
  readonly meetings: readonly Meeting[]
}

/** Bounds of one answer (specification §3). */
const maxOperations = 20_000
const maxPatchBytes = 1024 * 1024
/** More than anyone reads; each of the 256 requests is among them well before. */
const maxRefusals = 1000
/** The most that one part of a pod adds to them (specification §3). */
export const maxPartRefusals = 100
/** `{"op":"add","path":"","value":},` */
const operationOverheadBytes = 32

interface Written {
  readonly json: string
  readonly bytes: number
}

/** Gathers the parts of a change as JSON and stops as soon as it is over a bound. */
export class ChangeBuilder {
  readonly #operations: string[] = []
  readonly #refusals: Refusal[] = []
  readonly #meetings: Meeting[] = []
  /** Entries are shared by all containers: each is written once. */
  readonly #written = new Map<object, Written>()
  #bytes = 0

  /** Takes a part; false when the change has become too large to go on. */
  take({ operations, refusals = [], meetings = [] }: Part): boolean {
    for (const refusal of refusals) this.#refusals.push(refusal)
    for (const meeting of meetings) this.#meetings.push(meeting)
    if (this.#refusals.length > maxRefusals) return false
    for (const operation of operations) {
      this.#bytes += operationOverheadBytes + operation.path.length
      this.#operations.push(this.#asJson(operation))
      if (this.#whyTooLarge() !== undefined) return false
    }
    return true
  }

  /** The change, or every reason why there is none; `by` asked for it all. */
  build(by: Refusal['by']): Result<Change> {
    const why = this.#whyTooLarge()
    const refusals =
      why === undefined ? this.#refusals : [...this.#refusals, { by: unique(by), what: 'the patch', why }]
    if (isNonEmpty(refusals)) return { kind: 'refused', refusals }
    return ok({
      patch: isNonEmpty(this.#operations) ? `[${this.#operations.join(',')}]` : undefined,
      operations: this.#operations.length,
      patchBytes: this.#bytes,
      meetings: this.#meetings,
    })
  }

  #whyTooLarge(): string | undefined {
    if (this.#operations.length > maxOperations) return `it would have more than ${maxOperations} operations`
    return this.#bytes > maxPatchBytes ? `it would be larger than ${maxPatchBytes} bytes` : undefined
  }

  #asJson(operation: Operation): string {
    const start = `{"op":"${operation.op}","path":${JSON.stringify(operation.path)}`
    if (operation.op === 'remove') return `${start}}`
    const { value } = operation
    const { json, bytes } = Array.isArray(value) ? this.#list(value) : this.#value(value)
    this.#bytes += bytes
    return `${start},"value":${json}}`
  }

  #list(entries: readonly unknown[]): Written {
    const written = entries.map((entry) => this.#value(entry))
    return {
      json: `[${written.map(({ json }) => json).join(',')}]`,
      bytes: written.reduce((sum, { bytes }) => sum + bytes + 1, 2),
    }
  }

  #value(value: unknown): Written {
    if (typeof value !== 'object' || value === null) return asJson(value)
    const known = this.#written.get(value)
    if (known !== undefined) return known
    const written = asJson(value)
    this.#written.set(value, written)
    return written
  }
}

const asJson = (value: unknown): Written => {
  const json = JSON.stringify(value)
  return { json, bytes: Buffer.byteLength(json) }
}
