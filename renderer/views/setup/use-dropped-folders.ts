import { useEffect, useEffectEvent } from 'react'
import { AbsolutePath } from '../../../shared/ids.ts'
import { useFileDrag } from '../../hooks/use-file-drag.ts'

/** True while something is dragged over the window. `receive` gets the folders that were dropped, and how many other things. */
export function useDroppedFolders(receive: (folders: readonly AbsolutePath[], others: number) => void): boolean {
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

  return useFileDrag()
}
