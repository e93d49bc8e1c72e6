/**
 * Watches a folder in a process of its own, where the system's limits can be lowered without harm to others.
 *
 * Takes requests from its parent one by one and answers each; tells every hint and every change as it comes.
 */
import { writeFileSync } from 'node:fs'
import type { AbsolutePath } from '../../shared/ids.ts'
import { watchFolder, type Unwatched } from '../../main/engine/scan/watcher.ts'

export type WatchRequest =
  | { readonly ask: 'start'; readonly root: string }
  /** A limit of the user namespace this process is in: a file in `/proc/sys/user`. */
  | { readonly ask: 'limit'; readonly name: string; readonly value: number }
  | { readonly ask: 'hint-unwatched' }
  | { readonly ask: 'rewatch' }
  | { readonly ask: 'close' }

export type WatchNews =
  | { readonly kind: 'hint'; readonly path: string }
  | { readonly kind: 'change' }
  | { readonly kind: 'done'; readonly unwatched: Unwatched }

const tell = (news: WatchNews): void => {
  process.send?.(news)
}

let watch: ReturnType<typeof watchFolder> | null = null

async function answer(request: WatchRequest): Promise<void> {
  switch (request.ask) {
    case 'start':
      watch = watchFolder(request.root as AbsolutePath, () => false, {
        onHint: (path) => tell({ kind: 'hint', path }),
        onChange: () => tell({ kind: 'change' }),
      })
      await watch.ready
      break
    case 'limit':
      writeFileSync(`/proc/sys/user/${request.name}`, `${request.value}\n`)
      break
    case 'hint-unwatched':
      watch?.hintUnwatched()
      break
    case 'rewatch':
      await watch?.rewatch()
      break
    case 'close':
      await watch?.close()
      process.disconnect()
      return
  }
  tell({ kind: 'done', unwatched: watch?.unwatched ?? { count: 0, directories: [] } })
}

process.on('message', (request: WatchRequest) => {
  void answer(request)
})
