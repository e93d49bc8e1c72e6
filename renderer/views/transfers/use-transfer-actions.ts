import type { GroupCounts, TransferFilter, TransferGroup } from '../../../shared/model/transfer.ts'
import { popUpMenu } from '../../client/native-menu.ts'
import { t } from '../../i18n/texts.ts'
import { attempt, cancelTransfers, copyLinks, sendNext, showInFolder } from '../../state/actions.ts'
import { actionsOf, keyOf, type RowAction, type ShownRow } from './rows.ts'
import { choiceOf, countSelected, groupsIn, NOTHING, only, type Selection } from './selection.ts'

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
  readonly openMenu: (row: ShownRow) => Promise<void>
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
        await copyLinks(chosenRows(chosen).map(({ folderId, path }) => ({ folderId, path })))
        return
      case 'show': {
        const [row] = chosenRows(chosen)
        if (row !== undefined) await showInFolder(row.folderId, row.path)
        return
      }
    }
    onSelection(NOTHING)
    onDone()
  }

  const act = (action: RowAction): Promise<void> => run(action, selection)
  return {
    available: isOne ? actionsOfOne(chosenRows(selection)) : actionsOfMany(selection, counts, chosenRows(selection)),
    act,
    actOnRow: (action, row) => run(action, only(keyOf(row), row.group)),
    retryAll: () => run('retry', { kind: 'all', groups: ['failed'], except: new Set() }),
    async openMenu(row) {
      const isAmongMany = !isOne && selection.kind === 'some' && selection.rows.has(keyOf(row))
      const isAmongAll = selection.kind === 'all'
      const many = isAmongMany || isAmongAll
      const actions = many ? actionsOfMany(selection, counts, chosenRows(selection)) : actionsOf(row)
      const doIt = (action: RowAction): Promise<void> => (many ? act(action) : run(action, only(keyOf(row), row.group)))
      if (actions.length === 0) return
      const label = (action: RowAction): string =>
        many && action === 'copyLink' ? t.transfers.actions.copyLinks : t.transfers.actions[action]
      await attempt(() => popUpMenu(actions.map((id) => ({ id, label: label(id), run: () => doIt(id) }))))
    },
  }
}

function actionsOfOne([row]: readonly ShownRow[]): readonly RowAction[] {
  return row === undefined ? [] : actionsOf(row)
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
