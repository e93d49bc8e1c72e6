/** How an attempt at a job ended well. Everything else is thrown. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { BaseEntry } from '../model/agreed.ts'

export type Outcome =
  /** Sent, or found to be in the bucket already (`adopted`). */
  | { readonly kind: 'uploaded' | 'adopted'; readonly entry: BaseEntry; readonly uploadedAt: UnixMs }
  /** The content is what both sides agreed on; only its times changed. */
  | { readonly kind: 'touched'; readonly entry: BaseEntry }
  | { readonly kind: 'hidden' }
  /** There is nothing left to do for this job. */
  | { readonly kind: 'needless' }
