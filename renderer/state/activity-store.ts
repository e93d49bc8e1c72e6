/** Which events the activity view shows; kept while another view is looked at. */
import { create } from 'zustand'
import type { FolderId, RelativePath } from '../../shared/ids.ts'
import { ALL_ACTIVITY, type ActivityFilter } from '../../shared/model/activity.ts'
import { showView } from './ui-store.ts'

export const useActivityStore = create<{ readonly filter: ActivityFilter }>(() => ({ filter: ALL_ACTIVITY }))

/** Changes what is given; without anything, shows all again. */
export function filterActivity(change: Partial<ActivityFilter> = ALL_ACTIVITY): void {
  useActivityStore.setState(({ filter }) => ({ filter: { ...filter, ...change } }))
}

/** Shows everything that happened to one file. */
export function showHistory(folderId: FolderId, path: RelativePath): void {
  useActivityStore.setState({ filter: { ...ALL_ACTIVITY, folderId, path } })
  showView('activity')
}
