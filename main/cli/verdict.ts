/** When a run with `--once` is over, and how it ended. Pure. */
import type { FolderView } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'

/** A run in which nothing has moved for this long gives up on what still waits. */
const STALLED_MS = 60_000

export type RunState = {
  readonly snapshot: EngineSnapshot
  readonly folder: FolderView | undefined
  /** Nothing more will come by itself. */
  readonly isAtRest: boolean
  /** For how long nothing has moved. */
  readonly stalledMs: number
  /** The list that this run has answered; null for none. */
  readonly answeredListId: string | null
}

/** The exit code once nothing more will come of waiting, else null. */
export function judge(state: RunState): ExitCode | null {
  const { status, problems } = state.snapshot
  const isStalled = state.stalledMs > STALLED_MS
  switch (status.kind) {
    case 'up-to-date':
      return exitCodes.done
    case 'held':
      // The answer was given, and the engine has not taken it in yet.
      if (state.answeredListId !== null && !hasQuestion(state) && !isStalled) return null
      return exitCodeFor(status.code)
    case 'problem':
      if (problems.some(({ scope }) => scope !== 'file')) return exitCodes.accountOrConfiguration
      // One file in trouble does not keep the rest from being sent.
      if (!state.isAtRest && !isStalled) return null
      return hasQuestion(state) ? exitCodes.heldBySafetyGate : exitCodes.someFilesFailed
    case 'paused':
      return exitCodes.accountOrConfiguration
    case 'checking':
    case 'sending':
    case 'not-set-up':
      return null
    case 'waiting':
    case 'offline':
      return state.stalledMs > STALLED_MS + secondLookMs(state) ? exitCodes.someFilesFailed : null
  }
}

/** Something waits for a person's answer. */
export function hasQuestion({ folder, answeredListId }: Pick<RunState, 'folder' | 'answeredListId'>): boolean {
  return folder?.decisions.some(({ listId }) => listId !== answeredListId) === true
}

/** While files have to be gone for a while before that counts, nothing moves and all is well. */
function secondLookMs({ snapshot: { status }, folder }: RunState): number {
  const isWaitingToLook = status.kind === 'waiting' && status.code === null
  return isWaitingToLook ? (folder?.settings.deleteDelaySeconds ?? 0) * 1000 : 0
}
