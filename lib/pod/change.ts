import { isNonEmpty, ok, type Refusal, type Result, unique } from '../errors.ts'
import type { Operation } from './json-patch.ts'

/** A variable that differs in one container from the others, or replaced another one there. */
export interface Meeting {
  readonly variable: string
  readonly container: string
  /** The container's own variable was kept or replaced, or the container starts before the file of the variable is written. */
  readonly outcome: 'kept' | 'replaced' | 'too-early'
}

/** What one part of the pod needs. */
export interface Part {
  readonly operations: readonly Operation[]
  readonly refusals?: readonly Refusal[]
  readonly meetings?: readonly Meeting[]
}

/** What the whole pod needs: a patch, or nothing because it already has everything. */
export interface Change {
  /** A JSON patch (RFC 6902) of at least one operation, as JSON. */
  readonly patch: string | undefined
  /** The number of operations. */
  readonly operations: number
  /** An upper bound of the patch's size in bytes. */
  readonly patchBytes: number
  readonly meetings: readonly Meeting[]
}

/** Limits of one answer (specification §3). */
const maxOperations = 20_000
const maxPatchBytes = 1024 * 1024
/** More than anyone reads; each of the 256 requests appears well before that. */
const maxRefusals = 1000
/** The most that one part of a pod adds to these limits (specification §3). */
export const maxPartRefusals = 100
/** `{"op":"add","path":"","value":[]},` */
const operationOverheadBytes = 34

interface Written {
  readonly json: string
  readonly bytes: number
}

/** Collects the parts of a change as JSON and stops as soon as it exceeds a limit. */
export class ChangeBuilder {
  readonly #operations: string[] = []
  readonly #refusals: Refusal[] = []
  readonly #meetings: Meeting[] = []
  /** All containers share entries: each is serialized once. */
  readonly #written = new Map<unknown, Written>()
  #bytes = 0

  /** Adds a part; false if the change has become too large to continue. */
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

  /** The change, or every reason why there is none; `by` are the annotations that asked for it. */
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
    return `${start},"value":${Array.isArray(value) ? this.#list(value) : this.#value(value)}}`
  }

  /** Ends with the entry that makes the patch too large. */
  #list(entries: readonly unknown[]): string {
    const written: string[] = []
    for (const entry of entries) {
      written.push(this.#value(entry))
      if (this.#whyTooLarge() !== undefined) break
    }
    return `[${written.join(',')}]`
  }

  #value(value: unknown): string {
    let written = this.#written.get(value)
    if (written === undefined) {
      written = asJson(value)
      this.#written.set(value, written)
    }
    this.#bytes += written.bytes + 1
    return written.json
  }
}

const asJson = (value: unknown): Written => {
  const json = JSON.stringify(value)
  return { json, bytes: Buffer.byteLength(json) }
}
