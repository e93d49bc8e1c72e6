/**
 * Notices clients that got a cursor with a page and do not use it.
 *
 * In: what listings are asked for, and what they were answered. It knows nothing of what is stored. A client may stop
 * listing whenever it likes, start anew, and ask again when an answer was lost. What it may not do:
 *
 * - ask for one page again and again and for nothing else, though each time the answer arrived and had a cursor. The third
 *   time counts: a fresh start, or somebody else with the same key, explains the second.
 * - take a cursor to a listing with another prefix or delimiter,
 * - give back only half of a cursor that has two halves.
 *
 * Asking for a single row is looking something up, not listing, and whoever starts at the very prefix does not follow a
 * cursor, even if the two are equal.
 */
import type { Call } from './calls.ts'

/** For each listing: the fields of its cursor in the request, and what the answer calls them. */
const CURSORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  list_file_names: { startFileName: 'nextFileName' },
  list_file_versions: { startFileName: 'nextFileName', startFileId: 'nextFileId' },
  list_unfinished_large_files: { startFileId: 'nextFileId' },
  list_parts: { startPartNumber: 'nextPartNumber' },
  list_keys: { startApplicationKeyId: 'nextApplicationKeyId' },
}
const PAGE_SIZES = ['maxFileCount', 'maxPartCount', 'maxKeyCount']

/** How often in a row a page may be asked for. */
const MAX_ASKED_IN_A_ROW = 2
/** The cursors of only so many listings are remembered for a key, so that there is an end to them. */
const MAX_LISTINGS = 1000

type Params = Readonly<Record<string, unknown>>

/** A page as it is asked for; what is absent, null and empty is the same. */
type Page = {
  readonly operation: string
  /** Everything but the cursor and the page size: which listing it is. */
  readonly listing: string
  readonly bucketId: unknown
  readonly prefix: unknown
  /** The fields of the cursor; null where it has none. */
  readonly start: readonly unknown[]
}

type Cursor = Pick<Page, 'operation' | 'bucketId' | 'start'> & { readonly isOpen: boolean }

/** What is known of one key's listings. */
type Reader = {
  /** The latest cursor that each listing was given; it stays known after the last page, which has none. */
  readonly given: Map<string, Cursor>
  /** The page that was asked for last, when no other call came after it. */
  latest: { readonly page: string; readonly times: number } | undefined
}

/** Watches the listings of all keys. */
export class CursorWatch {
  readonly #readers = new Map<string, Reader>()

  /** Whether a call ignores a cursor its key was given; false for every call that is no listing. */
  isIgnored(applicationKeyId: string, operation: string, params: Params): boolean {
    const page = pageOf(operation, params)
    const reader = this.#readers.get(applicationKeyId)
    if (page === undefined || reader === undefined) return false
    const isStuck = reader.latest?.page === idOf(page) && reader.latest.times >= MAX_ASKED_IN_A_ROW
    const isOwnStart = page.start[0] === null || page.start[0] === page.prefix
    return isStuck || (!isOwnStart && isMisused(page, reader))
  }

  /** Tells that the page was answered, and that the whole answer was sent. */
  answered(applicationKeyId: string, operation: string, params: Params, answer: unknown): void {
    const page = pageOf(operation, params)
    if (page === undefined) return
    const reader: Reader = this.#readers.get(applicationKeyId) ?? { given: new Map(), latest: undefined }
    this.#readers.set(applicationKeyId, reader)
    const next = Object.values(CURSORS[operation] ?? {}).map((field) => valueOf(answer as Params, field))
    const before = reader.given.get(page.listing)
    reader.given.delete(page.listing)
    const hasNext = next.some((value) => value !== null)
    const times = reader.latest?.page === idOf(page) ? reader.latest.times + 1 : 1
    reader.latest = hasNext ? { page: idOf(page), times } : undefined
    if (hasNext) reader.given.set(page.listing, { ...page, start: next, isOpen: true })
    else if (before !== undefined) reader.given.set(page.listing, { ...before, isOpen: false })
    for (const oldest of reader.given.keys()) {
      if (reader.given.size > MAX_LISTINGS) reader.given.delete(oldest)
    }
  }

  /** Tells that a call ended. After one that is no listing, asking for a page again is a fresh start. */
  ended(call: Call): void {
    if (CURSORS[call.operation] !== undefined) return
    const reader = this.#readers.get(call.applicationKeyId ?? '')
    if (reader !== undefined) reader.latest = undefined
  }
}

/** The cursor of another listing of the bucket, or the first half of this one's. */
function isMisused(page: Page, reader: Reader): boolean {
  const own = reader.given.get(page.listing)
  if (own !== undefined && isSame(own.start, page.start)) return false
  if (own !== undefined && own.start[0] === page.start[0] && page.start[1] === null) return true
  return [...reader.given].some(
    ([listing, other]) =>
      listing !== page.listing &&
      other.isOpen &&
      other.operation === page.operation &&
      other.bucketId === page.bucketId &&
      isSame(other.start, page.start),
  )
}

function pageOf(operation: string, params: Params): Page | undefined {
  const cursor = CURSORS[operation]
  if (cursor === undefined || PAGE_SIZES.some((field) => params[field] === 1)) return undefined
  const rest = Object.keys(params)
    .filter((field) => !(field in cursor) && !PAGE_SIZES.includes(field) && valueOf(params, field) !== null)
    .sort()
  return {
    operation,
    listing: JSON.stringify([operation, ...rest.map((field) => [field, params[field]])]),
    bucketId: valueOf(params, 'bucketId'),
    prefix: valueOf(params, 'prefix'),
    start: Object.keys(cursor).map((field) => valueOf(params, field)),
  }
}

function idOf(page: Page): string {
  return JSON.stringify([page.listing, page.start])
}

function valueOf(params: Params, field: string): unknown {
  const value = params[field]
  return value === undefined || value === '' ? null : value
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, index) => value === b[index])
}
