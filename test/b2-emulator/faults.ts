/**
 * Scripted misbehaviour: which calls fail, and how.
 *
 * In: faults from tests. Out: the fault a call has to meet. What a fault does to its call is in `exchange.ts`; nothing
 * here touches a connection.
 */
import { B2Error, ForeignAnswer, usualCode } from './errors.ts'

/**
 * What can happen to a call. A kind that has no meaning for a call (`wrong-sha1` for a listing, `expired-token` without a
 * token) leaves it alone.
 */
export const FAULT_KINDS = [
  /** Answers the status and code; nothing is done. */
  'answer',
  /** Cuts the connection before anything is done. */
  'cut-before',
  /** Cuts it in the middle of the request's body, for downloads of the answer's; like `cut-before` without a body. */
  'cut-midway',
  /** Does and stores everything, then cuts the connection instead of answering: the lost acknowledgement. */
  'cut-after',
  /** Does nothing and never answers. */
  'stall-before',
  /** Stops reading the request's body in its middle, for downloads stops sending; like `stall-before` without a body. */
  'stall-midway',
  /** Does and stores everything and never answers. */
  'stall-after',
  /** Takes and gives `bytesPerSecond`. */
  'slow',
  /** Does everything, then ends the connection one byte before the end that the answer's Content-Length promises. */
  'truncated',
  /** Answers an HTML page, status 200 unless given, as a proxy or a hotel's portal does; nothing is done. */
  'not-json',
  /** Bytes get damaged on the way. Uploads: 400 and nothing is stored. Downloads: one byte of the body is flipped. */
  'wrong-sha1',
  /** The token that came with the call expires for good: 401 `expired_auth_token`. */
  'expired-token',
  /** A cap of the account is reached: 403, `storage_cap_exceeded` unless another code is given. */
  'cap',
] as const

/** One of them. */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** How calls fail. */
export type Fault = {
  /** `answer` when absent. */
  readonly kind?: FaultKind
  /** HTTP status; when absent 503, or what the kind says. */
  readonly status?: number
  /** The error code; the usual one of the status when absent. */
  readonly code?: string
  readonly message?: string
  /** For the `Retry-After` header: seconds, or an HTTP date. */
  readonly retryAfter?: number | string
  /** For `slow`: bytes a second, each way; 1,000 when absent. */
  readonly bytesPerSecond?: number
  /** How many calls fail; 1 when absent, `Infinity` is allowed. */
  readonly count?: number
  /** How many matching calls pass before the first one fails; 0 when absent. */
  readonly skip?: number
  /** From 0 to 1: each matching call fails with this probability, drawn from the emulator's seed; 1 when absent. */
  readonly share?: number
}

type Waiting = { readonly operation: string; readonly fault: Fault; toSkip: number; left: number }

/** The faults that still wait for their call. */
export class Faults {
  #waiting: Waiting[] = []
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /**
   * Makes calls of the operation fail, or of every operation for `*`. A call meets one fault at most: the one added first
   * of those that match it and are due.
   */
  add(operation: string, fault: Fault): void {
    const waiting = { fault, toSkip: fault.skip ?? 0, left: fault.count ?? 1 }
    this.#waiting.push({ operation: operation.replace(/^b2_/, ''), ...waiting })
  }

  /** How many faults still wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Forgets every fault that still waits. */
  clear(): void {
    this.#waiting = []
  }

  /** The fault that a call of this operation meets; undefined when it goes well. */
  take(operation: string): Fault | undefined {
    let met: Waiting | undefined
    for (const waiting of this.#waiting) {
      if (waiting.operation !== operation && waiting.operation !== '*') continue
      if (waiting.toSkip > 0) waiting.toSkip -= 1
      else if (met === undefined && this.#random() < (waiting.fault.share ?? 1)) met = waiting
    }
    if (met === undefined) return undefined
    met.left -= 1
    if (met.left <= 0) this.#waiting = this.#waiting.filter((waiting) => waiting !== met)
    return met.fault
  }
}

/** The answer of an `answer`, a `cap` or a `not-json`. */
export function answerOf(fault: Fault): B2Error | ForeignAnswer {
  const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) }
  if (fault.kind === 'not-json') return new ForeignAnswer(fault.status ?? 200, headers)
  const status = fault.status ?? (fault.kind === 'cap' ? 403 : 503)
  return new B2Error(status, fault.code ?? usualCode(status), fault.message ?? '', headers)
}
