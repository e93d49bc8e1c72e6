import { useState } from 'react'
import { formatMoment } from '../../../shared/format/moment.ts'
import type { Link } from '../../../shared/model/link.ts'
import { visibleName } from '../../../shared/format/path.ts'
import { t } from '../../i18n/texts.ts'
import { showInFolder } from '../../state/actions.ts'
import { endLink } from '../../state/link-register.ts'
import { nameOf } from '../data/link-state.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import css from './dialog-text.module.css'

type EndLinkDialogProps = { readonly link: Link; readonly onClose: () => void }

/** Asks before a link is ended, and says what that can do in B2, and what it cannot. */
export function EndLinkDialog({ link, onClose }: EndLinkDialogProps) {
  const words = t.linksView.endDialog
  const [isBusy, setIsBusy] = useState(false)
  const { folderId, path } = link
  // The file itself stays where it is: what stops its address is to rename it.
  const isOriginal = link.behind === 'original'
  const [outcome, stop] = outcomeOf(link)

  async function end(): Promise<void> {
    setIsBusy(true)
    if (await endLink(link)) onClose()
    else setIsBusy(false)
  }

  return (
    <Dialog
      size={isOriginal ? 'wide' : 'normal'}
      title={words.title(visibleName(nameOf(link)))}
      onClose={onClose}
      laterButton={
        isOriginal && folderId !== null ? (
          <Button
            variant="quiet"
            onClick={() => {
              void showInFolder(folderId, path ?? undefined)
            }}
          >
            {t.linksView.actions.show}
          </Button>
        ) : undefined
      }
      safeButton={<Button onClick={onClose}>{words.keep}</Button>}
      actButton={
        <Button variant="danger" isBusy={isBusy} onClick={() => void end()}>
          {isOriginal ? words.forget : words.end}
        </Button>
      }
    >
      <div className={css.stack}>
        <p>{outcome}</p>
        {stop === null ? null : <p>{stop}</p>}
      </div>
    </Dialog>
  )
}

/** What ending does, and what would stop an address that goes on working. */
function outcomeOf({ behind, expiresAt, isPublic }: Link): readonly [string, string | null] {
  const words = t.linksView.endDialog
  const until = formatMoment(new Date(expiresAt ?? 0))
  switch (behind) {
    case 'copy':
      return [words.copy, null]
    case 'upload':
      return [words.upload, null]
    case 'index':
      return [isPublic ? words.publicList : words.list(until), null]
    case 'original':
      return isPublic ? [words.public, words.publicStop] : [words.original(until), words.originalStop]
  }
}
