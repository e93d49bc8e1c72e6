/**
 * Looks through what happened, stretch by stretch: half a million rows take a tenth of a second or two, and between two stretches the
 * engine does everything else.
 */
import { EngineError } from '../../../shared/errors.ts'
import { verbsOf, type ActivityFilter, type ActivityRow } from '../../../shared/model/activity.ts'
import type { State } from '../state/state.ts'

/** Rows looked at in one go: some milliseconds. */
const STRETCH = 20_000

export type ActivityQuery = {
  readonly filter: ActivityFilter
  /** Only rows older than this one. */
  readonly before?: number | undefined
  /** Only rows newer than this one. */
  readonly after?: number | undefined
  readonly limit: number
}

/** The newest rows that match, newest first: `limit` of them, or all there are. Throws `engine_stopped` when the state is closed meanwhile. */
export async function searchActivity(
  state: Pick<State, 'activity' | 'isOpen'>,
  { filter, before = Infinity, after = 0, limit }: ActivityQuery,
): Promise<readonly ActivityRow[]> {
  const { text, folderId, path, kind } = filter
  const wanted = { text, folderId, path, verbs: kind === null ? null : verbsOf(kind) }
  const last = Math.max(after, state.activity.oldestId() - 1)
  const rows: ActivityRow[] = []
  let end = Math.min(before, state.activity.newestId() + 1)
  while (end > last + 1 && rows.length < limit) {
    const begin = Math.max(last + 1, end - STRETCH)
    rows.push(...state.activity.find(wanted, begin, end, limit - rows.length))
    end = begin
    await new Promise(setImmediate)
    if (!state.isOpen()) throw new EngineError('engine_stopped', 'The state was closed meanwhile')
  }
  return rows
}
