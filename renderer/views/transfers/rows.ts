/** Rows as the view knows them, and what can be done with each. */
import { matchesText } from '../../../shared/format/matches-text.ts'
import type { ListedRow, MovingRow, TransferFilter } from '../../../shared/model/transfer.ts'

export type ShownRow = (MovingRow & { readonly group: 'now' }) | ListedRow

/** Names a row as long as it is there: a job keeps its key from waiting to moving. */
export type RowKey = `job ${number}` | `activity ${number}`

/** `now`: what waits for its time has it at once. */
export type RowAction = 'next' | 'now' | 'retry' | 'cancel' | 'copyLink' | 'show'

export function keyOf(row: ShownRow): RowKey {
  return row.group === 'done' ? `activity ${row.activityId}` : `job ${row.jobId}`
}

/** The rows that move and match, as the snapshot has them. */
export function movingRows(rows: readonly MovingRow[], { text, folderId }: TransferFilter): readonly ShownRow[] {
  return rows
    .filter((row) => (folderId === null || row.folderId === folderId) && (text === '' || matchesText(row.path, text)))
    .map((row) => ({ ...row, group: 'now' }))
}

/** What can be done with a row, the most useful first. */
export function actionsOf(row: ShownRow): readonly RowAction[] {
  switch (row.group) {
    case 'now':
      return ['cancel', ...showing(row.kind)]
    case 'failed':
      return ['retry', ...showing(row.kind)]
    case 'waiting':
      return [hasWaitOfItsOwn(row) ? 'now' : 'next', 'cancel', ...showing(row.kind)]
    case 'done':
      return row.verb === 'hidden' || row.verb === 'deleted' ? [] : ['copyLink', 'show']
  }
}

/** Of what is taken out of B2 the file is gone from its folder. */
function showing(kind: MovingRow['kind']): readonly RowAction[] {
  return kind === 'hide' || kind === 'delete' ? [] : ['show']
}

/** Whether it has a time of its own, and not only its place in line. */
function hasWaitOfItsOwn({ why }: Extract<ShownRow, { group: 'waiting' }>): boolean {
  return why.kind === 'put-off' || (why.kind === 'waiting' && why.nextAttemptAt !== null)
}
