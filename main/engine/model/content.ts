/** The content of a large file, hashed block by block: what tells which of its bytes are as they were. */
import type { Sha1Hex } from '../../../shared/ids.ts'

/** The SHA-1 of each block of a content, all `blockBytes` long but the last. */
export type Blocks = { readonly blockBytes: number; readonly sha1s: readonly Sha1Hex[] }

/** Neighbouring blocks that are as they were: `count` from the index `first` on, and the SHA-1 of them together. */
export type Run = { readonly first: number; readonly count: number; readonly sha1: Sha1Hex }

export type HashedContent = {
  readonly sha1: Sha1Hex
  readonly blocks: Blocks
  /** What is as in the blocks it was compared with, in order. */
  readonly runs: readonly Run[]
}

/** What is known of the content of a stored version. */
export type KnownContent = { readonly fileId: string; readonly blocks: Blocks }
