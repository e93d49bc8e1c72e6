import { bucketOperations } from './buckets.ts'
import { copyOperations } from './copies.ts'
import { fileOperations } from './files.ts'
import { keyOperations } from './keys.ts'
import { largeFileOperations } from './large-files.ts'
import { listingOperations } from './listings.ts'
import type { Operation } from './operation.ts'
import { sharingOperations } from './sharing.ts'

/** Every JSON call by its name without `b2_`. Authorize, upload and download speak otherwise and are not here. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...bucketOperations,
  ...listingOperations,
  ...fileOperations,
  ...largeFileOperations,
  ...copyOperations,
  ...sharingOperations,
  ...keyOperations,
}
