import { useEffect, useEffectEvent, useState } from 'react'
import { AbsolutePath } from '../../../shared/ids.ts'

/** True while something is dragged over the window. `receive` gets the folders that were dropped, and how many other things. */
export function useDroppedFolders(receive: (folders: readonly AbsolutePath[], others: number) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const dropped = useEffectEvent(receive)

  useEffect(
    () =>
      window.pail.onDropped(({ folders, others }) => {
        dropped(
          folders.map((path) => AbsolutePath.parse(path)),
          others,
        )
      }),
    [],
  )

  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true) return
      // Without this nothing may be dropped here.
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
      setIsOver(true)
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
