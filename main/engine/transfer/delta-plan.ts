/** Which parts of a large file are sent, and which B2 copies from a version it holds. Pure. */
import type { LargePart } from '../b2/large-upload.ts'
import type { HashedContent, Run } from '../model/content.ts'

/** Less than this share of a file in B2 is not worth the calls, and the old version must not be read for it. */
const LEAST_SHARE = 1 / 20

/**
 * All parts of a file: those runs of blocks that `sourceFileId` holds at the same place are copied, each other block is
 * sent. `sourceFileId` null: everything is sent.
 */
export function planParts(
  { blocks, runs }: HashedContent,
  sizeBytes: number,
  sourceFileId: string | null,
): readonly LargePart[] {
  const { blockBytes, sha1s } = blocks
  const endOf = (index: number) => Math.min(index * blockBytes, sizeBytes)
  const copied = sourceFileId === null || !isWorthIt(runs, sha1s.length) ? [] : runs
  const runAt = new Map(copied.map((run) => [run.first, run]))
  const parts: LargePart[] = []
  // Blocks before this one are parts already.
  let next = 0
  for (const [index, sha1] of sha1s.entries()) {
    if (index < next) continue
    const start = index * blockBytes
    const run = runAt.get(index)
    if (run === undefined || sourceFileId === null) {
      parts.push({ start, contentLength: endOf(index + 1) - start, sha1, copyFrom: null })
      next = index + 1
    } else {
      const copyFrom = { fileId: sourceFileId, sourceStart: start }
      parts.push({ start, contentLength: endOf(index + run.count) - start, sha1: run.sha1, copyFrom })
      next = index + run.count
    }
  }
  return parts
}

function isWorthIt(runs: readonly Run[], blocks: number): boolean {
  return runs.reduce((sum, { count }) => sum + count, 0) >= blocks * LEAST_SHARE
}
