/** A watcher that cannot be relied on: its hints come late, in another order, twice, or not at all. */
import { setTimeout as wait } from 'node:timers/promises'
import { watchFolder } from '../../main/engine/scan/watcher.ts'

type Hint = Parameters<typeof watchFolder>[2]
type Hinted = Parameters<Hint>[0]

/** Of ten hints, so many are lost. */
const LOST = 0.3

/** Of ten hints, so many come twice. */
const DOUBLED = 0.3

/** Hints are kept back for up to this long, ms. */
const LATE_MS = 20

/** Watches like `watchFolder`, and does all that to its hints; `random` decides. */
export function watchWildly(random: () => number): typeof watchFolder {
  return (root, isIgnored, onHint, onLimit) => {
    let isOpen = true
    let kept: Hinted[] = []
    const handOut = async (): Promise<void> => {
      await wait(random() * LATE_MS)
      const shuffled = kept.map((hint) => ({ hint, rank: random() })).sort((a, b) => a.rank - b.rank)
      kept = []
      if (isOpen) shuffled.forEach(({ hint }) => onHint(hint))
    }
    const keep = (hint: Hinted): void => {
      if (random() < LOST) return
      if (kept.length === 0) void handOut()
      kept.push(hint)
      if (random() < DOUBLED) kept.push(hint)
    }
    const watch = watchFolder(root, isIgnored, keep, onLimit)
    return {
      ...watch,
      close: () => {
        isOpen = false
        return watch.close()
      },
    }
  }
}
