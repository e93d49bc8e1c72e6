/** What should happen to one path, and why. */
import type { FolderId, RelativePath, Sha1Hex } from '../../../shared/ids.ts'

/** Where content that B2 holds already is known from: the name it had when that was found out, and the version itself. */
export type CopySource = {
  readonly folderId: FolderId
  readonly path: RelativePath
  readonly fileId: string
  readonly sha1: Sha1Hex
}

/** Actions that become jobs. */
export type JobAction =
  | {
      readonly kind: 'upload'
      readonly sizeBytes: number
      /** `compare`: the bucket holds something there that has to be looked at first. */
      readonly reason: 'new' | 'changed' | 'compare' | 'emptied'
      /** Where perhaps the same file is known: it is copied from there when its content is that, and not hidden before. */
      readonly from?: CopySource
    }
  /** The same file is known under another name, so it is copied on the server. */
  | { readonly kind: 'copy'; readonly from: CopySource; readonly reason: 'same-file' }
  | { readonly kind: 'hide' | 'delete'; readonly reason: 'absent' }

export type Action =
  | Exclude<JobAction, { readonly kind: 'hide' | 'delete' }>
  /** Content is gone from disk. Nothing follows from that before there is evidence and the safety gate has passed it. */
  | { readonly kind: 'loss'; readonly reason: 'absent' | 'emptied' }
  /** Empty without a sign that anybody emptied it. */
  | { readonly kind: 'suspect'; readonly reason: 'emptied-unchanged' }
  | { readonly kind: 'none'; readonly reason: 'in-sync' | 'never-sent' | 'not-a-file' | 'not-readable' }
