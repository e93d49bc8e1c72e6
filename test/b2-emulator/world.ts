import type { Call, Violation } from './calls.ts'
import type { Faults } from './faults.ts'
import type { Store } from './store.ts'
import type { Tokens } from './tokens.ts'

/** Everything a request handler works on. */
export type World = {
  readonly store: Store
  readonly tokens: Tokens
  readonly faults: Faults
  /** Unix milliseconds. */
  readonly now: () => number
  /** Finished calls, oldest first. */
  readonly calls: Call[]
  readonly violations: Violation[]
  /** Listings that skip this many names without a visible version end their page early. */
  readonly listScanLimit: number
  /** Extra time every call takes. */
  latencyMs: number
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  realm: string
}
