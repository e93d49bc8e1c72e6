/** Share links as they are kept. */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { LinkBehind, LinkId, LinkPlace, LinkState, Siblings } from '../../../shared/model/link.ts'

/** One link of the register. What `Link` says too means the same here. */
export type StoredLink = {
  readonly linkId: LinkId
  readonly state: LinkState
  readonly code: ErrorCode | null
  readonly bucketId: string
  readonly bucketName: string
  readonly isPublic: boolean
  /** The server's name that the address opens. */
  readonly name: string
  readonly shared: string
  readonly isFolder: boolean
  readonly behind: LinkBehind
  readonly folderId: FolderId | null
  readonly path: RelativePath | null
  readonly url: string
  readonly createdAt: UnixMs
  readonly validSeconds: number
  readonly expiresAt: UnixMs | null
  readonly endedAt: UnixMs | null
  readonly copiedTo: LinkPlace
  /** The answer said that it does not work yet: it is told when it does. */
  readonly isPromised: boolean
  /** Its file was let go before all others. */
  readonly isHurried: boolean
  readonly isReminded: boolean
  readonly opensToo: Siblings | null
  readonly opensTooSince: UnixMs | null
  /** Names that may be opened too, as a person has said; null before that. */
  readonly accepted: readonly string[] | null
  readonly siblingsCheckedAt: UnixMs
  /** Since when it is known that the bucket does not show the file; null where it does, as far as is known. */
  readonly goneSince: UnixMs | null
}

export type NewLink = Omit<
  StoredLink,
  'linkId' | 'code' | 'endedAt' | 'isHurried' | 'isReminded' | 'opensTooSince' | 'siblingsCheckedAt' | 'goneSince'
>

/** A version in the bucket that was made for a link, or is about to be. */
export type LinkVersion = {
  readonly versionId: number
  readonly linkId: LinkId
  readonly bucketId: string
  readonly name: string
  readonly mark: string
  readonly begunAt: UnixMs
  /** Null until B2 has named it. */
  readonly fileId: string | null
}

/** The file info of a version that was made for a link: a text that only the register and the version have. */
export const LINK_INFO = 'pail_link'
