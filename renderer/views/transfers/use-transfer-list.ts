import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { JobId } from '../../../shared/ids.ts'
import type { TransferFilter } from '../../../shared/model/transfer.ts'
import { engine } from '../../client/engine-client.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { textOfError } from '../../state/actions.ts'
import { TransferList, type ListState } from './transfer-list.ts'

/** The engine's list by a filter; looked at again when `changed` is another value. `onGone`: of jobs that are watched. */
export function useTransferList(
  filter: TransferFilter,
  changed: unknown,
  onGone: (jobIds: readonly JobId[]) => void,
): { readonly list: TransferList; readonly state: ListState } {
  const tellGone = useLatest(onGone)
  const [list] = useState(
    () =>
      new TransferList(filter, {
        ask: (query) => engine().listTransfers(query),
        textOf: textOfError,
        onGone: tellGone,
      }),
  )
  const subscribe = useCallback((listener: () => void) => list.subscribe(listener), [list])
  const state = useSyncExternalStore(subscribe, () => list.state)
  useEffect(() => {
    list.filter(filter)
  }, [list, filter])
  useEffect(() => {
    list.refresh()
  }, [list, changed])
  return { list, state }
}
