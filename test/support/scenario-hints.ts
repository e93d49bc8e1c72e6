/** A watcher that cannot be relied on: its hints come late, in another order, twice, or not at all. */
import { setTimeout as wait } from 'node:timers/promises'
import { watchFolder, type FolderWatchEvents, type WatchFolder } from '../../main/engine/scan/watcher.ts'

type Hint = Parameters<FolderWatchEvents['onHint']>[0]

/** So many of all hints are lost. */
const LOST = 0.3

/** So many of the others come twice. */
const DOUBLED = 0.3

/** Hints are kept back for up to this long, ms. */
const LATE_MS = 20

/** Watches as the engine does, and does all that to the hints; `random` decides. */
export function watchWildly(random: () => number): WatchFolder {
  return (root, isIgnored, { onHint, onChange }) => {
    let isOpen = true
    let kept: Hint[] = []
    const handOut = async (): Promise<void> => {
      await wait(random() * LATE_MS)
      const shuffled = kept.map((hint) => ({ hint, rank: random() })).sort((a, b) => a.rank - b.rank)
      kept = []
      if (isOpen) for (const { hint } of shuffled) onHint(hint)
    }
    const keep = (hint: Hint): void => {
      if (random() < LOST) return
      if (kept.length === 0) void handOut()
      kept.push(hint)
      if (random() < DOUBLED) kept.push(hint)
    }
    const watch = watchFolder(root, isIgnored, { onHint: keep, onChange })
    return {
      ready: watch.ready,
      hasEvents: watch.hasEvents,
      get unwatched() {
        return watch.unwatched
      },
      hintUnwatched: watch.hintUnwatched,
      rewatch: watch.rewatch,
      close: () => {
        isOpen = false
        return watch.close()
      },
    }
  }
}
