import type { CSSProperties } from 'react'
import { formatNumber } from '../../../shared/format/count.ts'
import type { GroupCounts } from '../../../shared/model/transfer.ts'
import { Button } from '../../components/ui/Button.tsx'
import { cx } from '../../components/ui/cx.ts'
import { t } from '../../i18n/texts.ts'
import { showView } from '../../state/ui-store.ts'
import type { Item } from './layout.ts'
import { keyOf, type ShownRow } from './rows.ts'
import { isSelected } from './selection.ts'
import css from './TransferGrid.module.css'
import type { TransferGridProps } from './TransferGrid.tsx'
import { TransferItem } from './TransferItem.tsx'

type GridLineProps = Pick<
  TransferGridProps,
  'selection' | 'folderName' | 'limit' | 'onAct' | 'onRetryAll' | 'onShowGroup'
> & {
  readonly id: string
  readonly item: Item | null
  /** Null for one that is not loaded, and for what is no row. */
  readonly row: ShownRow | null
  readonly counts: GroupCounts
  readonly at: number
  readonly top: number
  readonly height: number
  readonly isActive: boolean
}

/** One line of the grid at its place. */
export function GridLine(props: GridLineProps) {
  const { id, item, row, at, top, height, isActive, selection, folderName, limit, onAct } = props
  const place: CSSProperties = { transform: `translateY(${top}px)`, height }
  if (item === null) return null
  if (item.kind !== 'row') {
    return (
      <div
        role="row"
        aria-rowindex={at + 1}
        className={cx(css.line, item.kind === 'heading' && css.heading)}
        style={place}
      >
        <Remark {...props} item={item} />
      </div>
    )
  }
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 1}
      aria-selected={row !== null && isSelected(selection, keyOf(row), row.group)}
      aria-busy={row === null ? true : undefined}
      className={cx(css.line, css.row)}
      style={place}
      data-item={at}
      data-group={item.group}
      data-active={isActive ? '' : undefined}
    >
      {row === null ? (
        <span role="gridcell" className={css.unknown} />
      ) : (
        <TransferItem
          row={row}
          folder={folderName(row.folderId) ?? ''}
          limit={limit}
          isActive={isActive}
          onAct={onAct}
        />
      )}
    </div>
  )
}

type RemarkProps = Omit<GridLineProps, 'item'> & { readonly item: Exclude<Item, { readonly kind: 'row' }> }

/** What stands between the rows. */
function Remark({ item, counts, onRetryAll, onShowGroup }: RemarkProps) {
  const words = t.transfers
  switch (item.kind) {
    case 'heading':
      return (
        <>
          <span role="gridcell">
            <span className={css.title}>{words.groups[item.group]}</span>{' '}
            <span className={css.count}>{formatNumber(counts[item.group])}</span>
          </span>
          {item.group === 'failed' && counts.failed > 0 ? (
            <span role="gridcell" className={css.end}>
              <Button variant="quiet" onClick={onRetryAll}>
                {words.retryAll}
              </Button>
            </span>
          ) : null}
        </>
      )
    case 'nothing':
      return (
        <span role="gridcell" className={css.note}>
          {words.nothingInGroup[item.group]}
        </span>
      )
    case 'more':
      return (
        <span role="gridcell">
          <Button
            variant="quiet"
            onClick={() => {
              onShowGroup('now')
            }}
          >
            {words.moreNow(item.count)}
          </Button>
        </span>
      )
    case 'older':
      return (
        <>
          <span role="gridcell" className={css.note}>
            {words.older}
          </span>
          <span role="gridcell" className={css.end}>
            <Button
              variant="quiet"
              onClick={() => {
                showView('activity')
              }}
            >
              {words.showActivity}
            </Button>
          </span>
        </>
      )
  }
}
