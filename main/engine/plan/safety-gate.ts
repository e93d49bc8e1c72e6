/**
 * Decides whether losses may go their way, or a person has to be asked first. Pure: numbers in, a verdict out.
 *
 * What counts as a loss is decided before (`state/losses.ts`): content that is in the bucket under another name is none.
 */
import type { ErrorCode } from '../../../shared/errors.ts'
import type { FolderSettings } from '../../../shared/model/folder.ts'

/**
 * More files than this emptied within the gate's window are no work of a person: an editor empties one. A power cut emptied 447 in one
 * report (https://github.com/nextcloud/desktop/issues/10547).
 */
export const MAX_EMPTIED = 10

export type LossFacts = {
  /** Absent files that count, and that nobody has approved. */
  readonly absentOpen: number
  /** Every absent file. */
  readonly absentAll: number
  /** Files turned empty that nobody has approved. */
  readonly emptiedOpen: number
  /** Absent files that were few enough to go within the gate's window. */
  readonly recentAbsent: number
  /** Files turned empty that were, other ones than those that are open. */
  readonly recentEmptied: number
  /** Files in base, the lost ones included. */
  readonly knownFiles: number
  /** Whether there are files on disk besides those that are known. Asked where every known one is gone. */
  readonly hasNewFiles: boolean
  /** The root is not what it was: every loss is asked about. */
  readonly asksEveryLoss: boolean
  readonly settings: Pick<FolderSettings, 'gateFiles' | 'gatePercent' | 'deletionPolicy'>
}

export type GateVerdict =
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'hold'
      readonly loss: 'absent' | 'emptied'
      readonly code: Extract<ErrorCode, 'mass_deletion' | 'root_emptied' | 'mass_emptied'>
    }

/** Asks about absent files first: they are the graver loss. */
export function judgeLosses(facts: LossFacts): GateVerdict {
  const { absentOpen, absentAll, emptiedOpen, recentEmptied, knownFiles, hasNewFiles, asksEveryLoss } = facts
  // Where nothing is hidden, nothing can be hidden by mistake.
  if (absentOpen > 0 && facts.settings.deletionPolicy.kind !== 'keep') {
    if (absentAll >= knownFiles && !hasNewFiles) return { kind: 'hold', loss: 'absent', code: 'root_emptied' }
    if (asksEveryLoss || isMany(facts)) return { kind: 'hold', loss: 'absent', code: 'mass_deletion' }
  }
  if (emptiedOpen > 0 && (asksEveryLoss || emptiedOpen + recentEmptied > MAX_EMPTIED)) {
    return { kind: 'hold', loss: 'emptied', code: 'mass_emptied' }
  }
  return { kind: 'pass' }
}

function isMany({ absentOpen, recentAbsent, knownFiles, settings }: LossFacts): boolean {
  const gone = absentOpen + recentAbsent
  return gone > settings.gateFiles && gone * 100 > settings.gatePercent * (knownFiles + recentAbsent)
}
