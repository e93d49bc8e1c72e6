/** Whose turn it is: the order of jobs, within a folder and among folders. */
import type { FolderId } from '../../../shared/ids.ts'
import { isSoonDone, RANKS, type TurnOrder, type Wanted } from '../model/job.ts'

/** A row of table jobs as far as its turn goes. */
export type Turn = {
  readonly job_id: number
  readonly not_before: number
  readonly rank: number
  readonly size_bytes: number
}

/** The jobs of a folder, in their order. */
export type Line = { readonly folderId: FolderId; readonly turns: readonly Turn[] }

function compareTurns(a: Turn, b: Turn): number {
  return a.not_before - b.not_before || a.rank - b.rank || a.job_id - b.job_id
}

/** What a person asked for, then what the order among folders says, until one more would be too many. */
export function inTurn(
  lines: readonly Line[],
  order: TurnOrder,
  { most, mostSlow }: Pick<Wanted, 'most' | 'mostSlow'>,
): readonly Turn[] {
  const found: Turn[] = []
  const isWelcome = (turn: Turn): boolean =>
    found.length < most && (found.length < mostSlow || isSoonDone(turn.size_bytes))
  const isAsked = ({ rank }: Turn): boolean => rank === RANKS.asked
  for (const turn of lines.flatMap(({ turns }) => turns.filter(isAsked)).toSorted(compareTurns)) {
    if (!isWelcome(turn)) return found
    found.push(turn)
  }
  const rest = new Map(lines.map(({ folderId, turns }) => [folderId, turns.filter((turn) => !isAsked(turn))]))
  for (;;) {
    const waiting = [...rest].filter(([, turns]) => turns.length > 0).map(([folderId]) => folderId)
    const folderId = order.next(waiting)
    const turns = folderId === undefined ? undefined : rest.get(folderId)
    const turn = turns?.[0]
    if (folderId === undefined || turns === undefined || turn === undefined || !isWelcome(turn)) return found
    order.took(folderId, waiting)
    found.push(turn)
    rest.set(folderId, turns.slice(1))
  }
}
