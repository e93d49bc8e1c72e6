/** When a run with `--once` is over, and how it ended. Pure. */
import type { ErrorCode } from '../../shared/errors.ts'
import type { FolderView } from '../../shared/model/folder.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import { exitCodeFor, exitCodes, type ExitCode } from './exit-codes.ts'

/** A run in which nothing has moved for this long gives up on what still waits. */
const STALLED_MS = 60_000

/** Holds that end with an answer to a list of files. */
const asksQuestions: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['root_emptied', 'mass_deletion', 'mass_emptied'])

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
  const isStalled = state.stalledMs > STALLED_MS + secondLookMs(state)
  switch (status.kind) {
    case 'up-to-date':
      return exitCodes.done
    case 'held':
      // At first, and right after an answer, the gate holds without a question: what is gone is being looked at.
      if (asksQuestions.has(status.code) && !hasQuestion(state) && !isStalled) return null
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
      return isStalled ? exitCodes.someFilesFailed : null
  }
}

/** Something waits for a person's answer. */
function hasQuestion({ folder, answeredListId }: Pick<RunState, 'folder' | 'answeredListId'>): boolean {
  return folder?.decisions.some(({ listId }) => listId !== answeredListId) === true
}

/** While files have to be gone for a while before that counts, nothing moves and all is well. */
function secondLookMs({ snapshot: { status }, folder }: RunState): number {
  const isWaitingToLook = status.kind === 'held' || (status.kind === 'waiting' && status.code === null)
  return isWaitingToLook ? (folder?.settings.deleteDelaySeconds ?? 0) * 1000 : 0
}
