import { ChevronLeft, ChevronRight, CircleMinus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import { baseName, parentPath, visibleName } from '../../../shared/format/path.ts'
import type { FolderId, RelativePath } from '../../../shared/ids.ts'
import type { ActivityRow } from '../../../shared/model/activity.ts'
import type { Explanation } from '../../../shared/model/explanation.ts'
import type { AskedFile } from '../../../shared/model/right-click.ts'
import type { StatusKind } from '../../../shared/model/status.ts'
import { explainText } from '../../../shared/text/explain-text.ts'
import { statusText } from '../../../shared/text/status-text.ts'
import { useFileStory } from '../../hooks/use-file-story.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { checkNow } from '../../state/actions.ts'
import { showHistory } from '../../state/activity-store.ts'
import { useEngineStore } from '../../state/engine-store.ts'
import { copyLinks } from '../../state/links.ts'
import { startSetup } from '../../state/ui-store.ts'
import { PathLabel } from '../data/PathLabel.tsx'
import { StatusIcon } from '../data/StatusIcon.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import css from './FilesDialog.module.css'

type FilesDialogProps = { readonly files: readonly AskedFile[]; readonly onClose: () => void }

/** How files are that a person right-clicked: whether they are in B2, why not, and what happened to them. One at a time. */
export function FilesDialog({ files, onClose }: FilesDialogProps) {
  const [index, setIndex] = useState(0)
  const file = files[Math.min(index, files.length - 1)]
  const words = t.rightClick.file
  if (file === undefined) return null
  return (
    <Dialog
      size="wide"
      title={visibleName(baseName(file.path))}
      onClose={onClose}
      safeButton={<Button onClick={onClose}>{t.close}</Button>}
      actButton={
        <Button
          variant="primary"
          onClick={() => {
            onClose()
            void copyLinks([{ kind: 'local', path: file.path }])
          }}
        >
          {words.copyLink}
        </Button>
      }
      laterButton={
        files.length === 1 ? undefined : (
          <span className={css.pager}>
            <IconButton
              label={words.previous}
              icon={<ChevronLeft size={16} />}
              disabled={index === 0}
              onClick={() => {
                setIndex(index - 1)
              }}
            />
            <span className={css.number} role="status">
              {words.of(index + 1, files.length)}
            </span>
            <IconButton
              label={words.next}
              icon={<ChevronRight size={16} />}
              disabled={index === files.length - 1}
              onClick={() => {
                setIndex(index + 1)
              }}
            />
          </span>
        )
      }
    >
      <File key={file.path} file={file} onClose={onClose} />
    </Dialog>
  )
}

function File({ file: { path, place }, onClose }: { readonly file: AskedFile; readonly onClose: () => void }) {
  if (place === null) return <Outside path={path} onClose={onClose} />
  if (place.path === null) return <WholeFolder path={path} folderId={place.folderId} />
  return <Synced path={path} folderId={place.folderId} relative={place.path} onClose={onClose} />
}

function Outside({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  return (
    <div className={css.file}>
      <Place path={path} />
      <Sentence kind="not-sent" text={t.rightClick.file.outside}>
        <Button
          onClick={() => {
            onClose()
            startSetup('add-folder')
          }}
        >
          {t.rightClick.file.addFolder}
        </Button>
      </Sentence>
    </div>
  )
}

function WholeFolder({ path, folderId }: { readonly path: string; readonly folderId: FolderId }) {
  const now = useNow()
  const status = useEngineStore(
    (state) => state.snapshot?.folders.find((folder) => folder.folderId === folderId)?.status,
  )
  return (
    <div className={css.file}>
      <Place path={path} />
      {status === undefined ? null : <Sentence kind={status.kind} text={statusText(status, now)} />}
    </div>
  )
}

type SyncedProps = {
  readonly path: string
  readonly folderId: FolderId
  readonly relative: RelativePath
  readonly onClose: () => void
}

function Synced({ path, folderId, relative, onClose }: SyncedProps) {
  const now = useNow()
  const story = useFileStory(folderId, relative)
  const words = t.rightClick.file
  return (
    <div className={css.file}>
      <Place path={path} />
      {story === null ? (
        <p>{words.looking}</p>
      ) : (
        <>
          <Sentence kind={kindOf(story.explanation)} text={explainText(story.explanation, now)}>
            {story.explanation.kind === 'unknown' ? (
              <Button onClick={() => void checkNow(folderId)}>{words.checkNow}</Button>
            ) : null}
          </Sentence>
          {story.explanation.kind === 'directory' ? null : (
            <History
              rows={story.rows}
              onAll={() => {
                onClose()
                showHistory(folderId, relative)
              }}
            />
          )}
        </>
      )}
    </div>
  )
}

function Place({ path }: { readonly path: string }) {
  return (
    <p className={css.place}>
      <PathLabel text={parentPath(path) || path} title={path} />
    </p>
  )
}

/** `not-sent`: and it is not going to be. */
type Shape = StatusKind | 'not-sent'

type SentenceProps = { readonly kind: Shape; readonly text: string; readonly children?: ReactNode }

function Sentence({ kind, text, children }: SentenceProps) {
  return (
    <div className={css.sentence}>
      {kind === 'not-sent' ? <CircleMinus size={16} aria-hidden /> : <StatusIcon kind={kind} />}
      <p>{text}</p>
      {children}
    </div>
  )
}

function History({ rows, onAll }: { readonly rows: readonly ActivityRow[]; readonly onAll: () => void }) {
  const words = t.rightClick.file
  return (
    <section className={css.history}>
      <div className={css.heading}>
        <h3>{words.history}</h3>
        {rows.length === 0 ? null : (
          <Button variant="quiet" onClick={onAll}>
            {words.all}
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p>{words.nothing}</p>
      ) : (
        <ul>
          {rows.map((row) => (
            <li key={row.activityId} className={css.event}>
              <time dateTime={new Date(row.at).toISOString()}>{formatMoment(new Date(row.at))}</time>
              <span>{t.activity.verbs[row.verb]}</span>
              <span className={css.size}>{row.sizeBytes === null ? '' : formatBytes(row.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The shape beside the sentence. */
function kindOf(explanation: Explanation): Shape {
  switch (explanation.kind) {
    case 'in-sync':
    case 'directory':
      return 'up-to-date'
    case 'sending':
      return 'sending'
    case 'paused':
      return 'paused'
    case 'blocked':
      return 'problem'
    case 'kept':
      return 'held'
    case 'ignored':
    case 'skipped':
    case 'not-there':
      return 'not-sent'
    default:
      return 'waiting'
  }
}
