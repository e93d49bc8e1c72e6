import type { CallLog, Violation } from './calls.ts'
import type { CursorWatch } from './cursor-watch.ts'
import type { Faults } from './faults.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** Everything a request handler works on. */
export type World = {
  readonly store: Store
  readonly tokens: Tokens
  readonly faults: Faults
  /** Unix milliseconds, on a clock that can be ahead of the real one. */
  readonly now: () => number
  /** How far it is ahead. */
  clockAheadMs: number
  readonly calls: CallLog
  readonly violations: Violation[]
  readonly cursors: CursorWatch
  /** Listings that skip this many names without a visible version end their page early. */
  readonly listScanLimit: number
  /** What `b2_authorize_account` announces, in bytes; the minimum is also what finishing a large file asks for. */
  readonly partSizes: { readonly recommended: number; readonly absoluteMinimum: number }
  /** The largest copy in one call, in bytes. */
  readonly maxCopyBytes: number
  /** From 0 to 1, the same sequence for the same seed: whatever happens by chance. */
  readonly random: () => number
  /** A round trip of the emulated line. */
  latencyMs: number
  /** The bandwidth of each connection, each way; `Infinity` for no limit. */
  bytesPerSecond: number
  readonly rateLimit: RateLimit
  /** `http://127.0.0.1:PORT`, or `https:`, without a trailing slash. */
  realm: string
  /** The same for the control port; null when there is none. */
  control: string | null
}
