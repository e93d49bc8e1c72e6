import { ArrowLeft, Download, Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ExportFormat } from '../../../shared/contract/shell-api.ts'
import { assertNever } from '../../../shared/assert-never.ts'
import type { FolderId } from '../../../shared/ids.ts'
import { ActivityKind, type ActivityFilter } from '../../../shared/model/activity.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { menuPlace, popUpMenu } from '../../client/native-menu.ts'
import { shell } from '../../client/shell-client.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { Button } from '../../components/ui/Button.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { Select } from '../../components/ui/Select.tsx'
import { baseName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { filterActivity } from '../../state/activity-store.ts'
import { showToast } from '../../state/ui-store.ts'
import css from './ActivityFilters.module.css'

/** A person types on: the question is asked when they have paused for so long. */
const TYPING_MS = 200

type ActivityFiltersProps = { readonly filter: ActivityFilter; readonly folders: readonly FolderView[] }

/** Which events are shown, and the way to take them along as a file. */
export function ActivityFilters({ filter, folders }: ActivityFiltersProps) {
  return (
    <div className={css.frame}>
      <div className={css.bar} role="search">
        {filter.path === null ? (
          <>
            <SearchField text={filter.text} />
            <FolderSelect folderId={filter.folderId} folders={folders} />
            <KindSelect kind={filter.kind} />
          </>
        ) : (
          <>
            <IconButton
              label={t.activity.showAll}
              icon={<ArrowLeft size={16} />}
              onClick={() => {
                filterActivity()
              }}
            />
            <h2 className={css.file}>
              <PathLabel text={t.activity.everythingAbout(baseName(filter.path))} title={filter.path} />
            </h2>
          </>
        )}
        <ExportButton filter={filter} />
      </div>
    </div>
  )
}

function SearchField({ text }: { readonly text: string }) {
  const [typed, setTyped] = useState(text)
  const sent = useRef(text)
  useEffect(() => {
    // Looked for from elsewhere, such as nothing any more: what was typed before does not come back.
    if (text === sent.current) return
    sent.current = text
    setTyped(text)
  }, [text])
  useEffect(() => {
    if (typed.trim() === text) return undefined
    const timer = setTimeout(() => {
      sent.current = typed.trim()
      filterActivity({ text: typed.trim() })
    }, TYPING_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [typed, text])
  return (
    <div className={css.search}>
      <Search size={14} className={css.glass} aria-hidden />
      <input
        type="search"
        className={css.input}
        aria-label={t.activity.search}
        placeholder={t.activity.search}
        maxLength={200}
        spellCheck={false}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
        }}
      />
      {typed === '' ? null : (
        <IconButton
          label={t.activity.clear}
          icon={<X size={14} />}
          onClick={() => {
            setTyped('')
            sent.current = ''
            filterActivity({ text: '' })
          }}
        />
      )}
    </div>
  )
}

type FolderSelectProps = { readonly folderId: FolderId | null; readonly folders: readonly FolderView[] }

function FolderSelect({ folderId, folders }: FolderSelectProps) {
  const isKnown = folderId === null || folders.some((folder) => folder.folderId === folderId)
  const former = isKnown ? [] : [{ value: String(folderId), label: t.activity.formerFolder }]
  return (
    <span className={css.select}>
      <Select
        aria-label={t.activity.folder}
        value={String(folderId ?? '')}
        options={[
          { value: '', label: t.activity.allFolders },
          ...folders.map((folder) => ({ value: String(folder.folderId), label: baseName(folder.root) })),
          ...former,
        ]}
        onChange={(value) => {
          const chosen = folders.find((folder) => String(folder.folderId) === value)
          filterActivity({ folderId: chosen?.folderId ?? null })
        }}
      />
    </span>
  )
}

function KindSelect({ kind }: { readonly kind: ActivityKind | null }) {
  return (
    <span className={css.select}>
      <Select<ActivityKind | ''>
        aria-label={t.activity.kind}
        value={kind ?? ''}
        options={[
          { value: '', label: t.activity.allKinds },
          ...ActivityKind.options.map((option) => ({ value: option, label: t.activity.kinds[option] })),
        ]}
        onChange={(value) => {
          filterActivity({ kind: value === '' ? null : value })
        }}
      />
    </span>
  )
}

function ExportButton({ filter }: { readonly filter: ActivityFilter }) {
  const [isBusy, setIsBusy] = useState(false)

  async function exportAs(format: ExportFormat): Promise<void> {
    setIsBusy(true)
    try {
      const outcome = await shell.exportActivity({ filter, format })
      switch (outcome.kind) {
        case 'cancelled':
          return
        case 'saved':
          showToast(t.activity.exported(outcome.rows, outcome.name))
          return
        case 'failed':
          showToast(t.activity.notExported[outcome.reason], 'danger')
          return
        default:
          assertNever(outcome)
      }
    } finally {
      setIsBusy(false)
    }
  }

  const menu = [
    { id: 'csv', label: t.activity.asCsv, run: () => exportAs('csv') },
    { id: 'json', label: t.activity.asJson, run: () => exportAs('json') },
  ]
  return (
    <Button
      aria-haspopup="menu"
      icon={<Download size={14} aria-hidden />}
      isBusy={isBusy}
      onClick={(event) => {
        const at = menuPlace(event)
        void attempt(() => popUpMenu(menu, at))
      }}
    >
      {t.activity.export}
    </Button>
  )
}
