/** How an attempt at a job ended well. Everything else is thrown. */
import type { UnixMs } from '../../../shared/ids.ts'
import type { BaseEntry } from '../model/agreed.ts'
import type { Blocks } from '../model/content.ts'
import type { Amount } from '../state/stored-bytes.ts'

export type Outcome =
  /** Sent, copied on the server, or found to be in the bucket already (`adopted`). */
  | {
      readonly kind: 'uploaded' | 'copied' | 'adopted'
      readonly entry: BaseEntry
      readonly uploadedAt: UnixMs
      /** Of a large file, where it was hashed. */
      readonly blocks?: Blocks
      /** Of a file that was uploaded in parts: the bytes that B2 copied instead. */
      readonly sparedBytes?: number
    }
  /** The content is what both sides agreed on; only its times changed. */
  | { readonly kind: 'touched'; readonly entry: BaseEntry }
  | { readonly kind: 'hidden' }
  /** All versions of the name are deleted; `older` are those that it did not show. */
  | { readonly kind: 'deleted'; readonly older: Amount }
  /** There is nothing left to do for this job. */
  | { readonly kind: 'needless' }
