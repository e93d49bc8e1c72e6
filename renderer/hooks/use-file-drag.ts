import { useEffect, useState } from 'react'

/** True while files are dragged over the window and may be dropped: not while a question is open. */
export function useFileDrag(): boolean {
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
