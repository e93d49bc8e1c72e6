/**
 * What a person drops on the window. The page is told its paths, which it could not find out itself; it cannot ask for the
 * path of anything that was not dropped.
 */
import * as electron from 'electron'

export type Drop = {
  /** Absolute paths, as the system has them. */
  readonly folders: readonly string[]
  /** How many other things were dropped with them. */
  readonly others: number
  /** The paths of those that have one. */
  readonly files: readonly string[]
}

/** Tells of every drop until the function that it returns is called. */
export type OnDropped = (receive: (drop: Drop) => void) => () => void

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

const receivers = new Set<(drop: Drop) => void>()

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

export const onDropped: OnDropped = (receive) => {
  receivers.add(receive)
  return () => {
    receivers.delete(receive)
  }
}

function readDrop(items: readonly DroppedItem[]): Drop {
  const isFolder = (item: DroppedItem): boolean => item.webkitGetAsEntry()?.isDirectory === true
  const folders = items.filter(isFolder).map(pathOf)
  const files = items.filter((item) => !isFolder(item)).map(pathOf)
  return { folders: folders.filter(isPath), others: items.length - folders.length, files: files.filter(isPath) }
}

/** What has no path is no file: text, an address, a picture out of a page. */
function isPath(path: string): boolean {
  return path !== ''
}

function pathOf(item: DroppedItem): string {
  const file = item.getAsFile()
  if (file === null) return ''
  return webUtils === undefined ? (file.path ?? '') : webUtils.getPathForFile(file)
}
