/** What one look at one path of a sync folder found. */
import type { ErrorCode } from '../../../shared/errors.ts'

/**
 * Cheap identity of content: as long as all four are equal the bytes are taken to be the same. `ctimeMs` is part of it
 * because a program can set the mtime back after writing, but not the ctime.
 */
export type Fingerprint = {
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  /** Inode number, or the file id on Windows; only compared for equality. */
  readonly ino: number
}

/** `absent` is positive knowledge: the parent could be read and the name is not in it. */
export type Observation =
  | { readonly kind: 'file'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'directory' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'skipped'; readonly reason: 'symlink' | 'special' }
  | { readonly kind: 'unreadable'; readonly code: ErrorCode }

/** True when both are the same content as far as the file system tells. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino
}
