/** Reads a dropped folder: the files in it take its place, written down directory by directory. */
import type { AbsolutePath, UnixMs } from '../../../shared/ids.ts'
import type { Clock } from '../lib/clock.ts'
import { toAbsolute } from '../lib/paths.ts'
import type { Drop } from '../model/drop.ts'
import { statPath } from '../scan/stat-path.ts'
import { walk, type WalkStep } from '../scan/walker.ts'
import type { NewDrop, SourceId } from '../state/drops.ts'
import type { State } from '../state/state.ts'
import { leftOutBelow } from './dropped-item.ts'

/** So many are written down in one step: some ms of work, after which the engine does other things. */
const BATCH = 250

export type ReadOptions = {
  readonly state: State
  readonly clock: Clock
  readonly dataFolder: AbsolutePath
  readonly signal: AbortSignal
  /** More has been written down. */
  readonly onChange: () => void
}

/**
 * Begun anew after a restart; what was written down then is there already. A folder in it that may not be read stays as one
 * that failed, and so does all of it where it is gone at the end: what was not read by then would be missing, and nobody
 * would know. Ends early when the signal is aborted or the folder is cancelled. Throws `disk_full`.
 */
export async function readFolder(folder: Drop, options: ReadOptions): Promise<void> {
  const { state, clock, dataFolder, signal, onChange } = options
  const { dropId, root, path } = folder
  const sourceId = state.drops.sourceOf(dropId)
  const isWanted = (): boolean => !signal.aborted && state.drops.find(dropId) !== undefined
  let leftOut = 0
  for await (const step of walk(root, path, leftOutBelow(root, dataFolder), signal)) {
    if (sourceId === undefined || !isWanted()) return
    if (step.kind === 'unreadable' && step.directory === path) {
      state.transaction(() => state.drops.fail(dropId, 'directory_unreadable', {}, clock.now()))
      return
    }
    const found = dropsOf(step, clock.now())
    leftOut += step.kind === 'directory' ? step.files.length + step.skipped.length - found.length : 0
    await addAll(state, sourceId, found, isWanted)
    onChange()
  }
  if (sourceId === undefined || !isWanted()) return
  // A drive that was pulled out looks like folders that were deleted meanwhile.
  const isStillThere = statPath(toAbsolute(root, path)).kind === 'directory'
  state.transaction(() => {
    if (!isStillThere) state.drops.fail(dropId, 'dropped_file_gone', {}, clock.now())
    else {
      state.drops.leaveOut(sourceId, leftOut)
      state.drops.remove(dropId)
    }
  })
}

async function addAll(
  state: State,
  sourceId: SourceId,
  found: readonly NewDrop[],
  isWanted: () => boolean,
): Promise<void> {
  for (let start = 0; start < found.length && isWanted(); start += BATCH) {
    state.transaction(() => {
      for (const each of found.slice(start, start + BATCH)) state.drops.add(sourceId, each)
    })
    // A directory may hold any number of files, and the engine has other things to do meanwhile.
    await new Promise(setImmediate)
  }
}

function dropsOf(step: WalkStep, now: UnixMs): readonly NewDrop[] {
  if (step.kind === 'unreadable') {
    if (step.directory === '') return []
    const failure = { code: 'directory_unreadable', at: now } as const
    return [{ path: step.directory, isFolder: true, sizeBytes: 0, failure }]
  }
  const files = step.files.map(({ path, fingerprint: { sizeBytes } }) => ({ path, isFolder: false, sizeBytes }))
  // Why it cannot be read is told when it is tried.
  const unreadable = step.skipped.filter(({ reason }) => reason === 'unreadable')
  return [...files, ...unreadable.map(({ path }) => ({ path, isFolder: false, sizeBytes: 0 }))]
}
