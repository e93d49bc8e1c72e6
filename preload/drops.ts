/**
 * Folders that a person drops on the window. The page is told their paths, which it could not find out itself; it cannot
 * ask for the path of anything that was not dropped.
 */
import * as electron from 'electron'

export type FolderDrop = {
  /** Absolute paths, as the system has them. */
  readonly folders: readonly string[]
  /** How many other things were dropped with them. */
  readonly others: number
}

/** Tells of every drop until the function that it returns is called. */
export type OnFoldersDropped = (receive: (drop: FolderDrop) => void) => () => void

type DroppedFile = { readonly path?: string }

/** What this needs of the DOM. */
type DroppedItem = {
  readonly getAsFile: () => DroppedFile | null
  readonly webkitGetAsEntry: () => { readonly isDirectory: boolean } | null
}
type DropEvent = {
  readonly isTrusted: boolean
  readonly dataTransfer: { readonly items: Iterable<DroppedItem> } | null
}
type Page = {
  readonly addEventListener: (type: 'drop', listener: (event: DropEvent) => void, isCapture: true) => void
}

/** Absent before Electron 29, where a file has its path itself. */
const { webUtils } = electron as unknown as {
  readonly webUtils?: { readonly getPathForFile: (file: DroppedFile) => string }
}

const receivers = new Set<(drop: FolderDrop) => void>()

const page = globalThis as unknown as Page
page.addEventListener(
  'drop',
  (event) => {
    // A drop that a script has made up is no person's.
    if (!event.isTrusted || event.dataTransfer === null) return
    const drop = readDrop([...event.dataTransfer.items])
    for (const receive of receivers) receive(drop)
  },
  true,
)

export const onFoldersDropped: OnFoldersDropped = (receive) => {
  receivers.add(receive)
  return () => {
    receivers.delete(receive)
  }
}

function readDrop(items: readonly DroppedItem[]): FolderDrop {
  const folders = items.filter((item) => item.webkitGetAsEntry()?.isDirectory === true).map(pathOf)
  return { folders: folders.filter((path) => path !== ''), others: items.length - folders.length }
}

function pathOf(item: DroppedItem): string {
  const file = item.getAsFile()
  if (file === null) return ''
  return webUtils === undefined ? (file.path ?? '') : webUtils.getPathForFile(file)
}
