/** What both sides last agreed on for a path (base), and what the bucket was last seen to hold (remote). */
import type { RelativePath, Sha1Hex, UnixMs } from '../../../shared/ids.ts'
import type { Fingerprint } from './entry.ts'

export type BaseEntry = {
  readonly path: RelativePath
  readonly fingerprint: Fingerprint
  readonly sha1: Sha1Hex
  readonly fileId: string
}

export type RemoteEntry = {
  readonly path: RelativePath
  readonly fileId: string
  /** Null when B2 does not know it: a large file without `large_file_sha1`. */
  readonly sha1: Sha1Hex | null
  readonly sizeBytes: number
  readonly uploadedAt: UnixMs
}
