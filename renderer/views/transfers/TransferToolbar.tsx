import { ChevronDown } from 'lucide-react'
import type { MouseEvent } from 'react'
import { formatNumber } from '../../../shared/format/count.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import type { GroupCounts } from '../../../shared/model/transfer.ts'
import { menuPlace, popUpMenu, type MenuEntry } from '../../client/native-menu.ts'
import { Button } from '../../components/ui/Button.tsx'
import { Choice } from '../../components/ui/Choice.tsx'
import { FilterField } from '../../components/ui/FilterField.tsx'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { GROUPS, type ShownGroup } from './layout.ts'
import css from './TransfersView.module.css'

type TransferToolbarProps = {
  readonly text: string
  readonly onText: (text: string) => void
  readonly folders: readonly FolderView[]
  readonly folderId: FolderId | null
  readonly onFolder: (folderId: FolderId | null) => void
  readonly shown: ShownGroup
  readonly onShown: (shown: ShownGroup) => void
  readonly counts: GroupCounts
  /** Null where there is nothing to select. */
  readonly onSelectAll: (() => void) | null
}

/** Narrows the list: by a part of the path, by folder, by group. */
export function TransferToolbar(props: TransferToolbarProps) {
  const { text, onText, folders, folderId, onFolder, shown, onShown, counts, onSelectAll } = props
  const folder = folders.find((known) => known.folderId === folderId)

  function chooseFolder(event: MouseEvent): void {
    const at = menuPlace(event)
    const entries: readonly MenuEntry[] = [
      { id: 'all', label: t.transfers.allFolders, run: () => onFolder(null) },
      'separator',
      ...folders.map(({ folderId: id, root }) => ({
        id: String(id),
        label: baseName(root),
        run: () => onFolder(id),
      })),
    ]
    void attempt(() => popUpMenu(entries, at))
  }

  return (
    <div className={css.toolbar}>
      <div className={css.fields}>
        <FilterField
          label={t.transfers.filter}
          clearLabel={t.transfers.clearFilter}
          value={text}
          onValue={onText}
          maxLength={200}
        />
        {folders.length > 1 ? (
          <Button aria-haspopup="menu" icon={<ChevronDown size={14} />} onClick={chooseFolder}>
            {folder === undefined ? t.transfers.allFolders : t.transfers.folder(baseName(folder.root))}
          </Button>
        ) : null}
      </div>
      <div className={css.groups}>
        <Choice
          label={t.transfers.groupsLabel}
          value={shown}
          onValue={onShown}
          options={(['all', ...GROUPS] as const).map((group) => ({
            value: group,
            label: (
              <>
                {t.transfers.groups[group]}
                {group === 'all' ? null : (
                  <span className={css.count} data-alarming={group === 'failed' && counts.failed > 0}>
                    {formatNumber(counts[group])}
                  </span>
                )}
              </>
            ),
          }))}
        />
        {onSelectAll === null ? null : (
          <Button variant="quiet" onClick={onSelectAll}>
            {t.transfers.selectAll}
          </Button>
        )}
      </div>
    </div>
  )
}
