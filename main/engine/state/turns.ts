/** Whose turn it is: the order of jobs, within a folder and among folders. */
import { RANKS } from '../model/job.ts'

/** A row of table jobs as far as its turn goes. */
export type Turn = {
  readonly job_id: number
  readonly not_before: number
  readonly rank: number
  readonly size_bytes: number
}

function compareTurns(a: Turn, b: Turn): number {
  return a.not_before - b.not_before || a.rank - b.rank || a.job_id - b.job_id
}

/** What a person asked for, then in rounds one of each line. */
export function inTurn(lines: readonly (readonly Turn[])[], limit: number): readonly Turn[] {
  const asked = lines.flatMap((line) => line.filter(({ rank }) => rank === RANKS.asked)).toSorted(compareTurns)
  const others = lines.map((line) => line.filter(({ rank }) => rank !== RANKS.asked))
  const longest = Math.min(limit, Math.max(0, ...others.map(({ length }) => length)))
  const rounds = Array.from({ length: longest }, (_, round) => others.flatMap((line) => line[round] ?? []))
  return [...asked, ...rounds.flat()].slice(0, limit)
}
