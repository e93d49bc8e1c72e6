/**
 * Pages of a bucket's listing.
 *
 * In: the names in B2's order with their versions, and a query. Out: rows and the cursor of the next page. Cursors are
 * inclusive, so a cursor is simply the first row that did not fit. Pure.
 */
import { lowerBound } from './name-index.ts'
import type { NameView } from './name-index.ts'
import { compareNames } from './names.ts'
import { timestampOf } from './ids.ts'
import type { FileVersion } from './model.ts'

/** What both listings take. */
export type ListQuery = {
  /** First name to return, itself included; empty for the beginning. */
  readonly startFileName: string
  readonly prefix: string
  /** Names that contain it after the prefix are folded into one folder row; empty for no folding. */
  readonly delimiter: string
  readonly maxFileCount: number
}

/** A file version, or a folder that stands for all names below it. */
export type ListRow =
  { readonly kind: 'version'; readonly version: FileVersion } | { readonly kind: 'folder'; readonly fileName: string }

/** A page of `b2_list_file_names`. */
export type NamesPage = { readonly rows: readonly ListRow[]; readonly nextFileName: string | null }

/** A page of `b2_list_file_versions`; the cursor is the pair. */
export type VersionsPage = NamesPage & { readonly nextFileId: string | null }

/**
 * Lists the current version of every name that is not hidden.
 *
 * After `scanLimit` names without a visible version the page ends early with a cursor, as B2's own do: a short or even
 * empty page is not the end, only a null cursor is.
 */
export function listNames(view: NameView, query: ListQuery & { readonly scanLimit: number }): NamesPage {
  const rows: ListRow[] = []
  let skipped = 0
  for (const entry of entriesOf(view, query)) {
    if (rows.length >= query.maxFileCount || skipped >= query.scanLimit) return { rows, nextFileName: entry.fileName }
    if (entry.kind === 'folder') {
      if (entry.names().some((name) => isVisible(view.currentOf(name)))) rows.push(entry)
      else skipped++
    } else {
      const version = view.currentOf(entry.fileName)
      if (isVisible(version)) rows.push({ kind: 'version', version })
      else skipped++
    }
  }
  return { rows, nextFileName: null }
}

/** Lists every version, hide marker and unfinished large file: names in order, newest first. `startFileId` needs `startFileName`. */
export function listVersions(view: NameView, query: ListQuery & { readonly startFileId: string | null }): VersionsPage {
  const rows: ListRow[] = []
  for (const entry of entriesOf(view, query)) {
    if (entry.kind === 'folder') {
      if (rows.length >= query.maxFileCount) return { rows, nextFileName: entry.fileName, nextFileId: null }
      rows.push({ kind: 'folder', fileName: entry.fileName })
      continue
    }
    for (const version of fromCursor(view.versionsOf(entry.fileName), query)) {
      if (rows.length >= query.maxFileCount) {
        return { rows, nextFileName: version.fileName, nextFileId: version.fileId }
      }
      rows.push({ kind: 'version', version })
    }
  }
  return { rows, nextFileName: null, nextFileId: null }
}

type Entry =
  | { readonly kind: 'name'; readonly fileName: string }
  | { readonly kind: 'folder'; readonly fileName: string; readonly names: () => readonly string[] }

/** Walks the names below the prefix from the cursor on, each folder once. */
function* entriesOf(view: NameView, query: ListQuery): Generator<Entry> {
  const { names } = view
  const { prefix, delimiter, startFileName } = query
  let at = lowerBound(names, compareNames(startFileName, prefix) > 0 ? startFileName : prefix)
  for (let name = names[at]; name?.startsWith(prefix) === true; name = names[at]) {
    const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length)
    if (cut === -1) {
      yield { kind: 'name', fileName: name }
      at++
      continue
    }
    const folder = name.slice(0, cut + delimiter.length)
    const from = at
    at = endOfPrefix(names, folder, from)
    const end = at
    yield { kind: 'folder', fileName: folder, names: () => names.slice(from, end) }
  }
}

/** Index of the first name at or after `from` that does not start with `prefix`; all that do are adjacent. */
function endOfPrefix(names: readonly string[], prefix: string, from: number): number {
  let low = from
  let high = names.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (names[middle]?.startsWith(prefix) === true) low = middle + 1
    else high = middle
  }
  return low
}

function fromCursor(
  versions: readonly FileVersion[],
  query: ListQuery & { readonly startFileId: string | null },
): readonly FileVersion[] {
  const { startFileId } = query
  if (startFileId === null || versions[0]?.fileName !== query.startFileName) return versions
  const at = versions.findIndex((version) => version.fileId === startFileId)
  if (at >= 0) return versions.slice(at)
  // The version of the cursor was deleted meanwhile: go on with the first one after its place.
  return versions.filter((version) => version.uploadTimestamp < timestampOf(startFileId))
}

function isVisible(version: FileVersion | undefined): version is FileVersion {
  return version?.action === 'upload'
}
