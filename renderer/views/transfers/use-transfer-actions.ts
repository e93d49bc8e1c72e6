import type { MenuPlace } from '../../../shared/contract/shell-api.ts'
import type { GroupCounts, TransferFilter, TransferGroup } from '../../../shared/model/transfer.ts'
import { popUpMenu } from '../../client/native-menu.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, cancelTransfers, sendNext, showInFolder } from '../../state/actions.ts'
import { copyLinks } from '../../state/links.ts'
import { actionsOf, keyOf, type RowAction, type ShownRow } from './rows.ts'
import { choiceOf, countSelected, groupsIn, isSelected, NOTHING, only, type Selection } from './selection.ts'

/** More links at once are nobody's wish, and each is a question to B2. */
const MOST_LINKS = 20

type Sources = {
  readonly filter: TransferFilter
  readonly counts: GroupCounts
  readonly selection: Selection
  readonly onSelection: (selection: Selection) => void
  /** The rows that are loaded. */
  readonly rows: () => Iterable<ShownRow>
  /** What is on screen has changed by what was done. */
  readonly onDone: () => void
}

export type TransferActions = {
  /** What can be done with all that is chosen. */
  readonly available: readonly RowAction[]
  /** Does it with what is chosen. */
  readonly act: (action: RowAction) => Promise<void>
  readonly actOnRow: (action: RowAction, row: ShownRow) => Promise<void>
  readonly retryAll: () => Promise<void>
  /** For a row that is among what is chosen by now. */
  readonly openMenu: (row: ShownRow, at: MenuPlace) => Promise<void>
}

/** What can be done with one row, with many, and with all that match. */
export function useTransferActions({ filter, counts, selection, onSelection, rows, onDone }: Sources): TransferActions {
  const isOne = countSelected(selection, counts) === 1

  function chosenRows(chosen: Selection): readonly ShownRow[] {
    if (chosen.kind === 'all') return []
    return [...rows()].filter((row) => chosen.rows.has(keyOf(row)))
  }

  async function run(action: RowAction, chosen: Selection): Promise<void> {
    switch (action) {
      case 'next':
      case 'now':
      case 'retry': {
        const choice = choiceOf(chosen, filter, ['failed', 'waiting'])
        if (choice !== null) await sendNext(choice)
        break
      }
      case 'cancel': {
        const choice = choiceOf(chosen, filter, ['now', 'waiting'])
        if (choice !== null) await cancelTransfers(choice)
        break
      }
      case 'copyLink':
        await copyLinks(chosenRows(chosen).map(({ folderId, path }) => ({ kind: 'file', folderId, path })))
        return
      case 'show': {
        const [row] = chosenRows(chosen)
        if (row !== undefined) await showInFolder(row.folderId, row.path)
        return
      }
    }
    onDone()
  }

  async function act(action: RowAction): Promise<void> {
    await run(action, selection)
    if (action !== 'copyLink' && action !== 'show') onSelection(NOTHING)
  }

  const many = actionsOfMany(selection, counts, chosenRows(selection))
  return {
    available: isOne ? (actionsOfOne(chosenRows(selection)) ?? many) : many,
    act,
    actOnRow: (action, row) => run(action, only(keyOf(row), row.group)),
    retryAll: () => run('retry', { kind: 'all', groups: ['failed'], except: new Set() }),
    async openMenu(row, at) {
      const isOfMany = !isOne && isSelected(selection, keyOf(row), row.group)
      const actions = isOfMany ? many : actionsOf(row)
      if (actions.length === 0) return
      const words = t.transfers.actions
      const entries = actions.map((id) => ({
        id,
        label: isOfMany && id === 'copyLink' ? words.copyLinks : words[id],
        run: () => (isOfMany ? act(id) : run(id, only(keyOf(row), row.group))),
      }))
      await attempt(() => popUpMenu(entries, at))
    },
  }
}

/** Null for one that is not loaded. */
function actionsOfOne([row]: readonly ShownRow[]): readonly RowAction[] | null {
  return row === undefined ? null : actionsOf(row)
}

function actionsOfMany(selection: Selection, counts: GroupCounts, loaded: readonly ShownRow[]): readonly RowAction[] {
  const groups = groupsIn(selection, counts)
  const has = (group: TransferGroup): boolean => groups.has(group)
  const actions: RowAction[] = []
  if (has('waiting')) actions.push('next')
  else if (has('failed')) actions.push('retry')
  if (has('waiting') || has('now')) actions.push('cancel')
  const isLinkable = loaded.length > 0 && loaded.every((row) => actionsOf(row).includes('copyLink'))
  const isAll = selection.kind === 'some' && loaded.length === selection.rows.size
  if (isLinkable && isAll && loaded.length <= MOST_LINKS) actions.push('copyLink')
  return actions
}
