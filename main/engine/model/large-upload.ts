/** A large file that was begun in B2 and is not finished: all that is needed to go on with it without reading the file. */
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { HashedContent } from './content.ts'
import type { Fingerprint } from './entry.ts'

export type LargeUpload = {
  readonly fileId: string
  readonly folderId: FolderId
  readonly path: RelativePath
  /** The name in the bucket; another one when the folder goes on at another place. */
  readonly fileName: string
  /** Of the file when it was hashed. */
  readonly fingerprint: Omit<Fingerprint, 'dev'>
  readonly content: HashedContent
  /** The version whose bytes are copied where they are the same; null for none. */
  readonly copiesFrom: string | null
  readonly startedAt: UnixMs
}
