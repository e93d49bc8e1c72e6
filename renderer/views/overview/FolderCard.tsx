import { ArrowRight, Ellipsis, Folder, Globe } from 'lucide-react'
import type { MouseEvent } from 'react'
import { formatBytes } from '../../../shared/format/bytes.ts'
import { formatFiles } from '../../../shared/format/count.ts'
import { formatAgo } from '../../../shared/format/duration.ts'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { FolderView } from '../../../shared/model/folder.ts'
import { menuPlace, popUpMenu } from '../../client/native-menu.ts'
import { PathLabel } from '../../components/data/PathLabel.tsx'
import { StatusSentence } from '../../components/data/StatusSentence.tsx'
import { Badge } from '../../components/ui/Badge.tsx'
import { IconButton } from '../../components/ui/IconButton.tsx'
import { baseName } from '../../../shared/format/path.ts'
import { useNow } from '../../hooks/use-now.ts'
import { t } from '../../i18n/texts.ts'
import { attempt } from '../../state/actions.ts'
import { folderMenu } from './folder-menu.ts'
import css from './FolderCard.module.css'
import { SendingBar } from './SendingBar.tsx'

/** One sync folder: where it is, where it goes, how it is, how much of it is in B2. */
export function FolderCard({ folder }: { readonly folder: FolderView }) {
  const { status } = folder
  const name = baseName(folder.root)
  const place = `${folder.bucketName}/${folder.prefix}`

  function openMenu(event: MouseEvent): void {
    const at = menuPlace(event)
    void attempt(() => popUpMenu(folderMenu(folder), at))
  }

  return (
    <article
      className={css.card}
      aria-label={name}
      onContextMenu={(event) => {
        event.preventDefault()
        openMenu(event)
      }}
    >
      <Folder size={20} className={css.icon} aria-hidden />
      <div className={css.main}>
        <div className={css.title}>
          <span className={css.name}>
            <PathLabel text={name} title={folder.root} />
          </span>
          {folder.bucketType === 'allPublic' ? (
            <Badge tone="wait">
              <Globe size={12} aria-hidden />
              {t.overview.publicBucket}
            </Badge>
          ) : null}
        </div>
        <div className={css.way}>
          <PathLabel text={folder.root} />
          <ArrowRight size={14} className={css.arrow} aria-label={t.overview.goesTo} />
          <PathLabel text={place} />
        </div>
        <div className={css.status}>
          <StatusSentence status={status} />
        </div>
        {status.kind === 'sending' ? <SendingBar folderId={folder.folderId} name={name} bytes={status.bytes} /> : null}
      </div>
      <div className={css.amount}>
        <span className={css.bytes}>{formatBytes(folder.syncedBytes)}</span>
        <span className={css.files}>
          {status.kind === 'up-to-date' ? '' : formatFiles(folder.syncedFiles)} {t.overview.inB2}
        </span>
        {folder.lastChangeAt === null ? null : <LastChange at={folder.lastChangeAt} />}
      </div>
      <IconButton
        label={t.overview.folderMenu(name)}
        aria-haspopup="menu"
        icon={<Ellipsis size={16} />}
        onClick={openMenu}
      />
    </article>
  )
}

function LastChange({ at }: { readonly at: number }) {
  const now = useNow()
  return (
    <time className={css.files} dateTime={new Date(at).toISOString()} title={formatMoment(new Date(at))}>
      {t.overview.lastChange(formatAgo(at, now))}
    </time>
  )
}
