/** Scripted misbehaviour: the next calls of an operation fail the way a test wants. */
import { B2Error, ConnectionCut, usualCode } from './errors.ts'

/** How a call fails: with an answer, or without one. */
export type Fault = {
  /** HTTP status; 503 when absent. */
  readonly status?: number
  /** The error code; the usual one of the status when absent. */
  readonly code?: string
  readonly message?: string
  /** Seconds for the `Retry-After` header. */
  readonly retryAfter?: number
  /** How many calls fail; 1 when absent. */
  readonly count?: number
  /** Cut the connection instead of answering. */
  readonly dropConnection?: boolean
}

/** The faults that still wait for their call. */
export class Faults {
  readonly #waiting = new Map<string, { readonly fault: Fault; left: number }[]>()

  /** Makes the next calls of the operation fail; several faults of one operation are used up in order. */
  add(operation: string, fault: Fault): void {
    const name = operation.replace(/^b2_/, '')
    const queue = this.#waiting.get(name) ?? []
    queue.push({ fault, left: fault.count ?? 1 })
    this.#waiting.set(name, queue)
  }

  /** Throws the fault that waits for this operation, if one does. */
  throwNext(operation: string): void {
    const queue = this.#waiting.get(operation)
    const next = queue?.[0]
    if (queue === undefined || next === undefined) return
    if (--next.left <= 0) queue.shift()
    if (next.fault.dropConnection === true) throw new ConnectionCut('cut by a scripted fault')
    const status = next.fault.status ?? 503
    const headers = next.fault.retryAfter === undefined ? {} : { 'Retry-After': String(next.fault.retryAfter) }
    throw new B2Error(status, next.fault.code ?? usualCode(status), next.fault.message ?? '', headers)
  }
}
