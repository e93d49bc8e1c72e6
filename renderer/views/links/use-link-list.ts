import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { LinkQuery } from '../../../shared/model/link.ts'
import { engine } from '../../client/engine-client.ts'
import { textOfError } from '../../state/actions.ts'
import { LinkList, type LinkListState } from './link-list.ts'

/** The part of the register that is asked for, always as it is by now. */
export function useLinkList(
  which: LinkQuery['which'],
  text: string,
  revision: number,
): { readonly list: LinkList; readonly state: LinkListState } {
  const list = useMemo(() => {
    const query = text === '' ? { which } : { which, text }
    return new LinkList(query, { ask: (page) => engine().listLinks(page), textOf: textOfError })
  }, [which, text])
  const state = useSyncExternalStore(list.subscribe, list.state)
  useEffect(() => {
    list.look(revision)
  }, [list, revision])
  return { list, state }
}
