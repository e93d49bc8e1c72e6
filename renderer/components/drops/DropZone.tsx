import { CloudUpload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { AbsolutePath } from '../../../shared/ids.ts'
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

/** True while files are dragged over the window. */
function useFileDrag(): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      // Without this nothing may be dropped here.
      event.preventDefault()
      const isAsking = document.querySelector('dialog[open]') !== null
      event.dataTransfer.dropEffect = isAsking ? 'none' : 'copy'
      setIsOver(!isAsking)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setIsOver(false)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return isOver
}
