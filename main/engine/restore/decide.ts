/** What becomes of one file of the bucket, by what is at its place here. Pure. */
import type { Fingerprint, Observation } from '../model/entry.ts'
import type { WantedFile } from './wanted.ts'

export type Decision =
  | { readonly kind: 'download' }
  /** It is here already. */
  | { readonly kind: 'unchanged' }
  /** As large as it should be, with another time: its SHA-1 tells. */
  | { readonly kind: 'compare' }
  /** Another file is here, and nobody said that it may be replaced. */
  | { readonly kind: 'kept'; readonly isNewer: boolean }
  /** What is here is no file, or cannot be looked at, and is never replaced. */
  | { readonly kind: 'blocked'; readonly by: Blocker }

export type Blocker = 'directory' | 'symlink' | 'special' | 'placeholder' | 'unreadable'

/** `overwrites`: files that differ may be replaced, newer ones too. */
export function decide(wanted: WantedFile, found: Observation, overwrites: boolean): Decision {
  switch (found.kind) {
    case 'absent':
      return { kind: 'download' }
    case 'directory':
    case 'unreadable':
      return { kind: 'blocked', by: found.kind }
    case 'skipped':
      return { kind: 'blocked', by: found.reason }
    case 'file':
  }
  const { fingerprint } = found
  // Disks keep times more and less exactly, down to the millisecond that B2 knows.
  const isSameTime = Math.abs(fingerprint.mtimeMs - wanted.modifiedMs) < 1
  const isSameSize = fingerprint.sizeBytes === wanted.sizeBytes
  if (isSameSize && (isSameTime || wanted.sizeBytes === 0)) return { kind: 'unchanged' }
  if (isSameSize && wanted.sha1 !== null) return { kind: 'compare' }
  return overwrites ? { kind: 'download' } : { kind: 'kept', isNewer: isNewer(fingerprint, wanted) }
}

export function isNewer({ mtimeMs }: Fingerprint, { modifiedMs }: WantedFile): boolean {
  return mtimeMs > modifiedMs
}
