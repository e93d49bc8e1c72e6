/** What one look at one path of a sync folder found. */
import type { ErrorCode } from '../../../shared/errors.ts'

/**
 * Cheap identity of content: as long as size, both times and inode are equal the bytes are taken to be the same.
 * `ctimeMs` is part of it because a program can set the mtime back after writing, but not the ctime.
 */
export type Fingerprint = {
  readonly sizeBytes: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  /** Inode number, or the file id on Windows; only compared for equality. */
  readonly ino: number
  /** Device number. Not compared between runs: a drive may get another one each time it is connected. */
  readonly dev: number
}

/** `absent` is positive knowledge: the parent could be read and the name is not in it. */
export type Observation =
  | { readonly kind: 'file'; readonly fingerprint: Fingerprint }
  | { readonly kind: 'directory' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'skipped'; readonly reason: 'symlink' | 'special' | 'placeholder' }
  | { readonly kind: 'unreadable'; readonly code: ErrorCode }

/** What tells files, and their contents, apart. */
export type Compared = Pick<Fingerprint, 'sizeBytes' | 'mtimeMs' | 'ctimeMs' | 'ino'>

/** True when both are the same content as far as the file system tells. */
export function sameFingerprint(a: Compared, b: Compared): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino
}

/** True when it is probably the same file under perhaps another name: its times may be set after it was renamed. */
export function isSameFile(a: Compared, b: Compared): boolean {
  return a.ino === b.ino && a.sizeBytes === b.sizeBytes
}

/** A fingerprint as one text, to remember which content a person has decided about. */
export function stampOf({ sizeBytes, mtimeMs, ctimeMs, ino }: Compared): string {
  return `${sizeBytes}:${mtimeMs}:${ctimeMs}:${ino}`
}
