/** Counts what was dropped before anything is sent. */
import type { AbsolutePath } from '../../../shared/ids.ts'
import type { DropPreview } from '../../../shared/model/drop.ts'
import type { Clock } from '../lib/clock.ts'
import { walk } from '../scan/walker.ts'
import { leftOutBelow, lookAtDropped } from './dropped-item.ts'

/** A preview counts this long at most: a person is waiting for it. */
const PREVIEW_MS = 3000

type Counts = Omit<DropPreview, 'lastPlace'>

export async function previewDrops(
  paths: readonly AbsolutePath[],
  dataFolder: AbsolutePath,
  clock: Clock,
): Promise<Counts> {
  const until = clock.now() + PREVIEW_MS
  const counts = { files: 0, bytes: 0, folders: 0, leftOut: 0, unreadable: 0, complete: true }
  for (const dropped of paths) {
    const { root, path, kind, sizeBytes } = lookAtDropped(dropped, dataFolder)
    if (kind === 'left-out') counts.leftOut += 1
    if (kind === 'gone') counts.unreadable += 1
    if (kind === 'file') {
      counts.files += 1
      counts.bytes += sizeBytes
    }
    if (kind !== 'folder') continue
    counts.folders += 1
    for await (const step of walk(root, path, leftOutBelow(root, dataFolder), new AbortController().signal)) {
      if (step.kind === 'unreadable') {
        counts.unreadable += 1
        continue
      }
      const unreadable = step.skipped.filter(({ reason }) => reason === 'unreadable').length
      counts.files += step.files.length
      counts.bytes += step.files.reduce((sum, file) => sum + file.fingerprint.sizeBytes, 0)
      counts.leftOut += step.skipped.length - unreadable
      counts.unreadable += unreadable
      if (clock.now() >= until) return { ...counts, complete: false }
    }
  }
  return counts
}
