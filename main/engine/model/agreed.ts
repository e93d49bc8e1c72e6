/** What both sides last agreed on for a path (base), and what the bucket was last seen to hold (remote). */
import type { FolderId, RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { Fingerprint } from './entry.ts'

/** The fingerprint of a file as it was when its bytes were read. */
export type AgreedFingerprint = Omit<Fingerprint, 'dev'> & {
  /** Whether the file was on another device than the root, such as a drive connected below it. */
  readonly isOtherDevice: boolean
}

export type BaseEntry = {
  readonly path: RelativePath
  readonly fingerprint: AgreedFingerprint
  readonly sha1: Sha1Hex
  readonly fileId: string
}

/** A base entry together with the folder it belongs to: content that B2 holds somewhere. */
export type KnownFile = BaseEntry & { readonly folderId: FolderId }

export type RemoteEntry = {
  readonly path: RelativePath
  readonly fileId: string
  /** Null when B2 does not know it: a large file without `large_file_sha1`. */
  readonly sha1: Sha1Hex | null
  readonly sizeBytes: number
  readonly uploadedAt: UnixMs
  /** True when it was sent from this very root, also by an installation whose records are lost. */
  readonly isOurs: boolean
}
