/** How much B2 stores of the sync folders. */
import { z } from 'zod'
import { UnixMs } from '../ids.ts'

/** Versions, and their bytes together. */
const Amount = z.object({ files: z.number().int(), bytes: z.number() })
type Amount = z.infer<typeof Amount>

/** A limit that a person compares with, bytes. Nothing stops at it. */
export const StorageCap = z.number().int().min(1).max(1e18)

export const Storage = z.object({
  /** What the bucket shows below the folders' places. */
  current: Amount,
  /** Versions that were replaced or hidden, and are kept. */
  old: Amount,
  /** Large files that were begun and not finished, by whomever. */
  unfinished: Amount,
  /**
   * When the last two were counted in the bucket, for the folder where that is longest ago; null while there is one where that
   * was not done yet: then of the last two at least so much is known.
   */
  countedAt: UnixMs.nullable(),
  /** Null where a person has set none. */
  capBytes: StorageCap.nullable(),
})
export type Storage = z.infer<typeof Storage>

/** All that is stored, bytes. */
export function storedBytes({ current, old, unfinished }: Pick<Storage, 'current' | 'old' | 'unfinished'>): number {
  return [current, old, unfinished].reduce((sum: number, { bytes }: Amount) => sum + bytes, 0)
}
