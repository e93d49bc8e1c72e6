/** What clients see of what was dropped on the window, and what it means for the status. */
import type { RelativePath, UnixMs } from '../../../shared/ids.ts'
import type { DropRow, DropsView } from '../../../shared/model/drop.ts'
import type { Problem } from '../../../shared/model/problem.ts'
import type { DropKeeper, RunningDrop } from '../drops/drop-keeper.ts'
import { toRemoteName } from '../lib/paths.ts'
import type { Clock } from '../lib/clock.ts'
import type { Drop } from '../model/drop.ts'
import type { State } from '../state/state.ts'
import { NOTHING_DROPPED, type DropFacts } from './status.ts'

/** Rows in a snapshot; of what failed and of what waits no more than so many, to leave room for the rest. */
const MOST_ROWS = 100
const MOST_OF_A_KIND = 40

export type DropSources = {
  readonly state: State
  readonly drops: Pick<DropKeeper, 'running'>
  readonly clock: Clock
}

export function viewDrops({ state, drops, clock }: DropSources): DropsView {
  const { running } = drops
  const { reading, waiting, failed, done } = state.drops.totals()
  const counts = {
    sending: running.size,
    waiting: Math.max(0, reading.files + waiting.files - running.size),
    failed: failed.files,
    done: done.files,
  }
  const isWaiting = ({ dropId }: Drop): boolean => !running.has(dropId)
  const rows = [
    ...[...running.values()].map((each) => sendingRow(each, clock.now())),
    ...(counts.failed > 0 ? state.drops.listEnded('failed', MOST_OF_A_KIND).map((drop) => toRow(drop, {})) : []),
    ...(counts.waiting > 0 ? state.drops.listWaiting(MOST_OF_A_KIND).filter(isWaiting) : []).map((drop) =>
      toRow(drop, {}),
    ),
  ]
  const arrived = counts.done > 0 ? state.drops.listEnded('done', MOST_ROWS - rows.length) : []
  const leftOut = reading.files + waiting.files + failed.files + done.files > 0 ? state.drops.countLeftOut() : 0
  return { rows: [...rows, ...arrived.map((drop) => toRow(drop, {}))], counts, leftOut }
}

function sendingRow({ drop, startedAt, sentBytes, sparedBytes }: RunningDrop, now: UnixMs): DropRow {
  const seconds = Math.max(0.5, (now - startedAt) / 1000)
  const sent = sentBytes + sparedBytes
  const row = toRow(drop, { phase: 'sending', sentBytes: sent, bytesPerSecond: sentBytes / seconds })
  // A file that has grown since it was dropped is sent as it is.
  return { ...row, sizeBytes: Math.max(row.sizeBytes, sent) }
}

function toRow(drop: Drop, over: Partial<DropRow>): DropRow {
  const { dropId, place, path, isFolder, state, sizeBytes, code, details, notBefore, wasThere, endedAt } = drop
  return {
    dropId,
    bucketName: place.bucketName,
    fileName: drop.fileName ?? toRemoteName(place.prefix, path),
    isFolder,
    phase: state,
    sizeBytes,
    sentBytes: state === 'done' ? sizeBytes : 0,
    bytesPerSecond: 0,
    code: state === 'done' ? null : code,
    details: { ...details },
    nextAttemptAt: state === 'waiting' && notBefore > 0 ? notBefore : null,
    wasThere,
    endedAt,
    ...over,
  }
}

export function dropFacts({ state, drops }: DropSources): DropFacts {
  const { running } = drops
  const { reading, waiting, failed } = state.drops.totals()
  if (reading.files + waiting.files + failed.files === 0) return NOTHING_DROPPED
  const failing = state.drops.countFailing('waiting')
  // What is tried once more is on its way. Asked as it is now: a person may have had it tried from the beginning since.
  const retried = [...running.keys()].flatMap((dropId) => {
    const drop = state.drops.find(dropId)
    return drop?.state === 'waiting' && drop.code !== null ? drop : []
  })
  const later = failing.reduce((sum, { files }) => sum + files, 0) - retried.length
  const laterBytes =
    failing.reduce((sum, { bytes }) => sum + bytes, 0) - retried.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const sent = [...running.values()].reduce(
    (sum, { drop, sentBytes, sparedBytes }) => sum + Math.min(drop.sizeBytes, sentBytes + sparedBytes),
    0,
  )
  return {
    files: waiting.files - later,
    bytes: Math.max(0, waiting.bytes - laterBytes - sent),
    laterFiles: later,
    failing,
    failed: failed.files > 0 ? state.drops.countFailing('failed') : [],
    isReading: reading.files > 0,
  }
}

/** What failed for good, as problems: the newest `limit`. */
export function dropProblems({ state }: Pick<DropSources, 'state'>, limit: number): readonly Problem[] {
  return state.drops.listEnded('failed', limit).flatMap((drop): readonly Problem[] => {
    const { dropId, place, code, details, endedAt } = drop
    if (code === null || endedAt === null) return []
    return [
      {
        problemId: `drop:${dropId}:${code}`,
        scope: 'file',
        folderId: null,
        path: `${place.bucketName}/${toRemoteName(place.prefix, drop.path)}` as RelativePath,
        code,
        since: endedAt,
        details: { ...details },
      },
    ]
  })
}
