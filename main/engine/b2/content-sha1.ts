/** Which SHA-1 counts for a version, and whose word it is. */
import { Sha1Hex } from '../../../shared/ids.ts'
import type { FileVersion } from './types.ts'

/** The info that B2's clients note a large file's SHA-1 in, as B2 computes none of the whole. */
export const LARGE_SHA1_INFO = 'large_file_sha1'

/** What tells of a version's content, in an answer or in the headers of a download. */
export type ContentWords = Pick<FileVersion, 'fileInfo'> & { readonly contentSha1?: string | null | undefined }

/** What B2 has computed, or the uploader of a large file has noted; null where nobody vouches for the bytes. */
export function vouchedSha1(version: ContentWords): Sha1Hex | null {
  return computedSha1(version) ?? sha1In(version.fileInfo[LARGE_SHA1_INFO])
}

/** What B2 has computed from the bytes; null for large files, and for what it was told not to look at. */
export function computedSha1({ contentSha1 }: ContentWords): Sha1Hex | null {
  return sha1In(contentSha1)
}

/**
 * The same, and what an uploader claimed and B2 has not looked at (`unverified:`): enough to notice bytes that are damaged,
 * not to prove what they are.
 */
export function claimedSha1(version: ContentWords): Sha1Hex | null {
  return sha1In(version.contentSha1?.replace(/^unverified:/, '')) ?? vouchedSha1(version)
}

function sha1In(text: string | null | undefined): Sha1Hex | null {
  return Sha1Hex.safeParse(text?.toLowerCase()).data ?? null
}
