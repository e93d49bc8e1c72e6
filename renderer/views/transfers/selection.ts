/** Which rows a person has chosen: some by name, or all that match but for a few. */
import { JobId } from '../../../shared/ids.ts'
import type { GroupCounts, TransferChoice, TransferFilter, TransferGroup } from '../../../shared/model/transfer.ts'
import { GROUPS, type ShownGroup } from './layout.ts'
import type { RowKey } from './rows.ts'

export type JobGroup = Exclude<TransferGroup, 'done'>

export type Selection =
  /** With the group each was in. */
  | { readonly kind: 'some'; readonly rows: ReadonlyMap<RowKey, TransferGroup> }
  | { readonly kind: 'all'; readonly groups: readonly JobGroup[]; readonly except: ReadonlySet<RowKey> }

export const NOTHING: Selection = { kind: 'some', rows: new Map() }

/** Everything that is still to be done, of the groups that are shown. */
export function allOf(shown: ShownGroup): Selection {
  const groups = GROUPS.filter((group) => group !== 'done' && (shown === 'all' || shown === group))
  return { kind: 'all', groups: groups.filter((group) => group !== 'done'), except: new Set() }
}

export function only(key: RowKey, group: TransferGroup): Selection {
  return { kind: 'some', rows: new Map([[key, group]]) }
}

export function isSelected(selection: Selection, key: RowKey, group: TransferGroup): boolean {
  if (selection.kind === 'some') return selection.rows.has(key)
  return group !== 'done' && selection.groups.includes(group) && !selection.except.has(key)
}

/** The same selection with one row more, or less. */
export function toggled(selection: Selection, key: RowKey, group: TransferGroup): Selection {
  const isIn = isSelected(selection, key, group)
  if (selection.kind === 'some') {
    const rows = new Map(selection.rows)
    if (isIn) rows.delete(key)
    else rows.set(key, group)
    return { kind: 'some', rows }
  }
  // What has arrived is not among all.
  if (group === 'done') return selection
  const except = new Set(selection.except)
  if (isIn) except.add(key)
  else except.delete(key)
  return { ...selection, except }
}

export function countSelected(selection: Selection, counts: GroupCounts): number {
  if (selection.kind === 'some') return selection.rows.size
  const all = selection.groups.reduce((sum, group) => sum + counts[group], 0)
  return Math.max(0, all - selection.except.size)
}

/** The jobs that are selected one by one. */
export function namedJobs(selection: Selection): readonly JobId[] {
  return selection.kind === 'some' ? jobIdsIn([...selection.rows.keys()]) : []
}

/** The same selection without some jobs. */
export function withoutJobs(selection: Selection, jobIds: readonly JobId[]): Selection {
  if (selection.kind === 'all') return selection
  const rows = new Map(selection.rows)
  for (const jobId of jobIds) rows.delete(`job ${jobId}`)
  return { kind: 'some', rows }
}

/** The groups that selected rows are of. */
export function groupsIn(selection: Selection, counts: GroupCounts): ReadonlySet<TransferGroup> {
  return new Set<TransferGroup>(
    selection.kind === 'some' ? selection.rows.values() : selection.groups.filter((group) => counts[group] > 0),
  )
}

/** What is selected of some groups, as the engine takes it; null where that is nothing. */
export function choiceOf(
  selection: Selection,
  filter: TransferFilter,
  wanted: readonly JobGroup[],
): TransferChoice | null {
  if (selection.kind === 'all') {
    const groups = selection.groups.filter((group) => wanted.includes(group))
    return groups.length === 0 ? null : { kind: 'matching', filter, groups, except: jobIdsIn([...selection.except]) }
  }
  const isWanted = (group: TransferGroup): boolean => group !== 'done' && wanted.includes(group)
  const jobIds = jobIdsIn([...selection.rows].filter(([, group]) => isWanted(group)).map(([key]) => key))
  return jobIds.length === 0 ? null : { kind: 'these', jobIds }
}

function jobIdsIn(keys: readonly RowKey[]): JobId[] {
  return keys.filter((key) => key.startsWith('job ')).map((key) => JobId.parse(Number(key.slice('job '.length))))
}
