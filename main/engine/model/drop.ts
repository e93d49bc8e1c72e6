/** A file or folder that a person dropped on the window, to be sent to a place in a bucket once. */
import type { ErrorCode, ErrorDetails } from '../../../shared/errors.ts'
import type { AbsolutePath, DropId, RelativePath, RemoteName, UnixMs } from '../../../shared/ids.ts'
import type { OnConflict } from '../../../shared/model/drop.ts'

/** Where dropped things go, and what happens where a name is taken there. */
export type DropPlace = {
  readonly bucketId: string
  readonly bucketName: string
  readonly bucketType: string
  /** Empty, or ends with `/`. */
  readonly prefix: string
  readonly onConflict: OnConflict
}

/** What one look at something dropped found. */
export type DroppedItem = {
  /** The directory it is in, links resolved. */
  readonly root: AbsolutePath
  /** Its name there. */
  readonly path: RelativePath
  readonly kind: 'file' | 'folder' | 'left-out' | 'gone'
  /** Of a file, else 0. */
  readonly sizeBytes: number
}

export type Drop = {
  readonly dropId: DropId
  readonly root: AbsolutePath
  /** Below the root. */
  readonly path: RelativePath
  /** Still to be read; the files in it take its place. */
  readonly isFolder: boolean
  readonly place: DropPlace
  /** Tells what was sent for this drop from everything else in the bucket. */
  readonly mark: string
  readonly sizeBytes: number
  readonly state: 'waiting' | 'failed' | 'done'
  /** The name in the bucket; null before it has arrived. */
  readonly fileName: RemoteName | null
  /** Whether the bucket held the same content under its name already. */
  readonly wasThere: boolean
  readonly attempts: number
  readonly notBefore: UnixMs
  /** Why the last attempt failed, or null. */
  readonly code: ErrorCode | null
  readonly details: ErrorDetails
  /** When it arrived or failed for good. */
  readonly endedAt: UnixMs | null
}

/** How a drop has arrived. */
export type DropArrival = {
  readonly fileName: RemoteName
  readonly fileId: string
  readonly sizeBytes: number
  readonly wasThere: boolean
}
