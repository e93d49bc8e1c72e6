/** How an attempt at a job ended well. Everything else is thrown. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { BaseEntry } from '../model/agreed.ts'

export type Outcome =
  /** Sent, copied on the server, or found to be in the bucket already (`adopted`). */
  | { readonly kind: 'uploaded' | 'copied' | 'adopted'; readonly entry: BaseEntry; readonly uploadedAt: UnixMs }
  /** The content is what both sides agreed on; only its times changed. */
  | { readonly kind: 'touched'; readonly entry: BaseEntry }
  /** The name is hidden, or all its versions are deleted. */
  | { readonly kind: 'hidden' | 'deleted' }
  /** There is nothing left to do for this job. */
  | { readonly kind: 'needless' }
