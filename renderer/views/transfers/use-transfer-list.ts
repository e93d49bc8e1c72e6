import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { TransferFilter } from '../../../shared/model/transfer.ts'
import { engine } from '../../client/engine-client.ts'
import { textOfError } from '../../state/actions.ts'
import { TransferList, type ListState } from './transfer-list.ts'

/** The engine's list by a filter; looked at again when `changed` is another value. */
export function useTransferList(
  filter: TransferFilter,
  changed: unknown,
): { readonly list: TransferList; readonly state: ListState } {
  const [list] = useState(() => new TransferList(filter, (query) => engine().listTransfers(query), textOfError))
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
