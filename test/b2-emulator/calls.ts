/** What clients asked, for tests to look at. */

import type { FaultKind } from './faults.ts'

/** One finished call. */
export type Call = {
  /** B2's name without `b2_`: `upload_file`, `list_file_names`, `download_file_by_name`...; `unknown` for no operation. */
  readonly operation: string
  readonly method: string
  /** HTTP status; 0 when the connection ended without an answer. */
  readonly status: number
  /** The error code of an answer that was not a success. */
  readonly code?: string
  readonly fileName?: string
  readonly bucketId?: string
  readonly applicationKeyId?: string
  /** For uploads: the URL it was sent to. */
  readonly uploadUrl?: string
  /** Bytes of the request's body. */
  readonly bytesReceived: number
  /** Unix milliseconds. */
  readonly startedAt: number
  readonly durationMs: number
  /** The scripted fault it met, whether or not that made a difference. */
  readonly fault?: FaultKind
}

/** A call that is being answered; handlers fill in what they learn. */
export type OpenCall = { -readonly [Field in keyof Call]: Call[Field] }

/** This many calls are kept, some 100 MB; when there are more, the older half of them goes. */
const MAX_CALLS = 200_000

/** The finished calls, numbered from 0 in the order of their ends. */
export class CallLog {
  /** The newest calls, at most 200,000; always the same array. */
  readonly kept: Call[] = []
  #gone = 0

  add(call: Call): void {
    this.kept.push(call)
    if (this.kept.length > MAX_CALLS) this.#gone += this.kept.splice(0, MAX_CALLS / 2).length
  }

  /** Forgets all calls; the numbers go on. */
  clear(): void {
    this.#gone += this.kept.splice(0).length
  }

  /** The calls from a number on, as far as they are kept, and the number that comes next. */
  since(number: number): { readonly calls: readonly Call[]; readonly next: number } {
    return { calls: this.kept.slice(Math.max(number - this.#gone, 0)), next: this.#gone + this.kept.length }
  }
}

/** Something a client must never do, whatever the answer was. */
export type Violation = {
  /** Unix milliseconds. */
  readonly at: number
} & (
  | { readonly kind: 'upload-url-used-concurrently' | 'upload-url-used-after-failure'; readonly uploadUrl: string }
  /** See `cursor-watch.ts`; with the listing that should not have been asked for like this. */
  | { readonly kind: 'listing-ignored-its-cursor'; readonly operation: string; readonly params: unknown }
)

/** Begins the record of a call. */
export function openCall(operation: string, method: string, startedAt: number): OpenCall {
  return { operation, method, status: 0, bytesReceived: 0, startedAt, durationMs: 0 }
}
