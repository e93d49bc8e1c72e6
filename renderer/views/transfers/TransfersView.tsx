import { ArrowUpDown, FolderPlus, SearchX } from 'lucide-react'
import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { FolderId } from '../../../shared/ids.ts'
import type { EngineSnapshot } from '../../../shared/model/snapshot.ts'
import type { GroupCounts } from '../../../shared/model/transfer.ts'
import { engine } from '../../client/engine-client.ts'
import { DroppedFiles } from '../../components/drops/DroppedFiles.tsx'
import { View } from '../../components/layout/View.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { EmptyState } from '../../components/ui/EmptyState.tsx'
import { Notice } from '../../components/ui/Notice.tsx'
import { Skeleton } from '../../components/ui/Skeleton.tsx'
import { useDebounced } from '../../hooks/use-debounced.ts'
import { useElementWidth } from '../../hooks/use-element-width.ts'
import { useFolderNames } from '../../hooks/use-folder-names.ts'
import { useLatest } from '../../hooks/use-latest.ts'
import { t } from '../../i18n/texts.ts'
import { startSetup } from '../../state/ui-store.ts'
import { layOut, type ShownGroup } from './layout.ts'
import { movingRows, type RowAction } from './rows.ts'
import { allOf, countSelected, namedJobs, NOTHING, withoutJobs, type Selection } from './selection.ts'
import { SelectionBar } from './SelectionBar.tsx'
import { TransferGrid } from './TransferGrid.tsx'
import { TransferToolbar } from './TransferToolbar.tsx'
import css from './TransfersView.module.css'
import { useTransferActions } from './use-transfer-actions.ts'
import { useTransferList } from './use-transfer-list.ts'

/** Typing is over when nothing was typed for this long, ms. */
const TYPING_MS = 150

/** Below this there is no room for a row's name and state on one line, pixels. */
const NARROW_WIDTH = 620

/** What is on its way, what failed, what waits and why, and what has arrived: searched, and changed one by one or all at once. */
export function TransfersView({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const [typed, setTyped] = useState('')
  const [folderId, setFolderId] = useState<FolderId | null>(null)
  const [shown, setShown] = useState<ShownGroup>('all')
  const [selection, setSelection] = useState<Selection>(NOTHING)
  const text = useDebounced(typed.trim(), TYPING_MS)
  const filter = useMemo(() => ({ text, folderId }), [text, folderId])
  const { list, state } = useTransferList(filter, snapshot, (jobIds) => {
    setSelection((known) => withoutJobs(known, jobIds))
  })
  const folderName = useFolderNames(snapshot.folders)
  const moving = useMemo(() => movingRows(snapshot.transfers.sending, filter), [snapshot.transfers.sending, filter])
  const isFiltered = text !== '' || folderId !== null
  const counts = useMemo(
    () => countsOf(state.counts, isFiltered ? null : snapshot.transfers.sendingCount, moving.length),
    [state.counts, isFiltered, snapshot.transfers.sendingCount, moving.length],
  )
  const layout = useMemo(
    () => layOut(shown, counts, { movingRows: moving.length, isFiltered }),
    [shown, counts, moving.length, isFiltered],
  )
  const body = useRef<HTMLDivElement>(null)
  const isNarrow = (useElementWidth(body) ?? NARROW_WIDTH) < NARROW_WIDTH

  function select(chosen: Selection): void {
    setSelection(chosen)
    list.watch(namedJobs(chosen))
  }

  const loadedRows = useCallback(
    () => [...moving, ...[...state.rows.values()].filter((row) => row !== null)],
    [moving, state.rows],
  )
  const actions = useTransferActions({
    filter,
    counts,
    selection,
    onSelection: select,
    rows: loadedRows,
    onDone: () => {
      list.renew()
    },
  })

  // The same all the time, so that rows are not drawn again with every answer of the engine.
  const actOnRow = useLatest(actions.actOnRow)

  /** What was chosen is not what is looked at any more. */
  function narrow(change: () => void): void {
    change()
    select(NOTHING)
  }

  function onKey(event: KeyboardEvent): boolean {
    const { available, act } = actions
    const [first] = available
    const wanted: RowAction | undefined =
      event.key === 'Enter' ? first : event.key === 'Delete' || event.key === 'Backspace' ? 'cancel' : undefined
    if (wanted === undefined || !available.includes(wanted)) return false
    void act(wanted)
    return true
  }

  const selectedCount = countSelected(selection, counts)
  const isEmpty = state.counts !== null && layout.rowCount === 0 && counts.now === 0
  const hasNothing = isEmpty && shown === 'all' && !isFiltered && typed === ''
  if (hasNothing) return <Nothing snapshot={snapshot} />
  return (
    <View title={t.views.transfers} isFilled>
      <DroppedFiles drops={snapshot.drops} status={snapshot.status.kind} />
      <TransferToolbar
        text={typed}
        onText={(value) => {
          narrow(() => {
            setTyped(value)
          })
        }}
        folders={snapshot.folders}
        folderId={folderId}
        onFolder={(value) => {
          narrow(() => {
            setFolderId(value)
          })
        }}
        shown={shown}
        onShown={(value) => {
          narrow(() => {
            setShown(value)
          })
        }}
        counts={counts}
        onSelectAll={
          state.counts === null || countSelected(allOf(shown), counts) === 0
            ? null
            : () => {
                select(allOf(shown))
              }
        }
      />
      <div ref={body} className={css.body}>
        {state.counts === null ? (
          <Loading
            failure={state.failure}
            onAgain={() => {
              list.renew()
            }}
          />
        ) : isEmpty && isFiltered && shown === 'all' ? (
          <EmptyState
            icon={<SearchX size={20} />}
            title={t.transfers.noMatchTitle}
            text={t.transfers.noMatchText}
            action={
              <Button
                onClick={() => {
                  narrow(() => {
                    setTyped('')
                    setFolderId(null)
                  })
                }}
              >
                {t.transfers.clearFilter}
              </Button>
            }
          />
        ) : (
          <TransferGrid
            // Another list begins at its top.
            key={`${shown} ${folderId ?? ''} ${text}`}
            layout={layout}
            counts={counts}
            shown={shown}
            list={state}
            moving={moving}
            selection={selection}
            folderName={folderName}
            limit={snapshot.bandwidth.up}
            isNarrow={isNarrow}
            onSelection={select}
            onShow={(start, end, anchor) => {
              list.show(start, end, anchor)
            }}
            idsOf={(start, limit) => engine().listTransferIds({ listId: state.listId ?? 0, start, limit })}
            onAct={actOnRow}
            onKey={onKey}
            onMenu={(row, at) => void actions.openMenu(row, at)}
            onRetryAll={() => void actions.retryAll()}
            onShowGroup={(value) => {
              narrow(() => {
                setShown(value)
              })
            }}
          />
        )}
      </div>
      <p className="sr-only" role="status" aria-live="polite">
        {selectedCount > 0 ? t.transfers.selected(selectedCount) : ''}
      </p>
      {selectedCount > 0 ? (
        <SelectionBar
          count={selectedCount}
          actions={actions.available}
          onAct={(action) => void actions.act(action)}
          onClear={() => {
            select(NOTHING)
          }}
        />
      ) : null}
    </View>
  )
}

/** What moves is in the snapshot, newer than the list; with a filter only the list knows how many there are beyond its rows. */
function countsOf(listed: GroupCounts | null, sending: number | null, moving: number): GroupCounts {
  const counts = listed ?? { now: 0, failed: 0, waiting: 0, done: 0 }
  return { ...counts, now: sending ?? (moving < 100 ? moving : Math.max(counts.now, moving)) }
}

function Nothing({ snapshot }: { readonly snapshot: EngineSnapshot }) {
  const words = t.transfers
  const hasFolder = snapshot.folders.length > 0
  return (
    <View title={t.views.transfers}>
      <DroppedFiles drops={snapshot.drops} status={snapshot.status.kind} />
      <EmptyState
        icon={<ArrowUpDown size={20} />}
        title={words.emptyTitle}
        text={hasFolder ? words.emptyText : words.noFolderText}
        action={
          hasFolder ? null : (
            <Button
              variant="primary"
              icon={<FolderPlus size={16} />}
              onClick={() => {
                startSetup('add-folder')
              }}
            >
              {words.addFolder}
            </Button>
          )
        }
      />
    </View>
  )
}

type LoadingProps = {
  readonly failure: { readonly title: string; readonly advice: string } | null
  readonly onAgain: () => void
}

function Loading({ failure, onAgain }: LoadingProps) {
  if (failure === null) return <Skeleton rows={8} />
  return (
    <Notice tone="danger" role="alert" title={failure.title} action={<Button onClick={onAgain}>{t.tryAgain}</Button>}>
      {failure.advice}
    </Notice>
  )
}
