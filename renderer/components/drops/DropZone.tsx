import { CloudUpload } from 'lucide-react'
import { useEffect } from 'react'
import { AbsolutePath } from '../../../shared/ids.ts'
import { useFileDrag } from '../../hooks/use-file-drag.ts'
import { t } from '../../i18n/texts.ts'
import { askAboutDrop, closeDrop, useDropStore } from '../../state/drop-store.ts'
import { DropDialog } from './DropDialog.tsx'
import css from './DropZone.module.css'

/** Takes what is dragged onto the window, wherever that is, and asks where it should go. */
export function DropZone() {
  const isOver = useFileDrag()
  const asked = useDropStore((state) => state.asked)

  useEffect(
    () =>
      window.pail.onDropped(({ folders, files }) => {
        // What is dropped on an open question belongs to that; a second one would hide it.
        if (document.querySelector('dialog[open]') !== null) return
        askAboutDrop([...folders, ...files].map((path) => AbsolutePath.parse(path)))
      }),
    [],
  )

  return (
    <>
      {isOver ? (
        <div className={css.overlay} aria-hidden>
          <div className={css.frame}>
            <CloudUpload size={40} strokeWidth={1.5} />
            <p className={css.title}>{t.drops.overlayTitle}</p>
            <p>{t.drops.overlayText}</p>
          </div>
        </div>
      ) : null}
      {asked === null ? null : <DropDialog paths={asked} onClose={closeDrop} />}
    </>
  )
}
