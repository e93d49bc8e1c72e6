/**
 * Listings as pages. A page of B2 may be short or empty and still not be the last one; only a missing cursor ends a
 * listing. Listings are no snapshots: what changes meanwhile may be seen or missed.
 */
import type { z } from 'zod'
import { EngineError } from '../../../shared/errors.ts'
import { accountOf, callB2, type Api, type CallOptions } from './call.ts'
import { DEFAULT_LIST_PAGE, MAX_LIST_PAGE } from './limits.ts'
import { compareRemoteNames } from './names.ts'
import { FileNamesAnswer, FileVersionsAnswer, FolderAnswer, type FileVersion } from './types.ts'

export type ListOptions = CallOptions & {
  /** Only names that start with this; where the key is for a narrower prefix, only names that start with that. */
  readonly prefix?: string | undefined
  /** Begin at this name, or at the first one after it. */
  readonly startFileName?: string | undefined
  /** Rows asked for at once, 1 to 10,000; 1,000 when absent. Each started thousand is one transaction. */
  readonly pageSize?: number | undefined
}

/** What lies directly below a prefix: files, and the start of all names that go deeper, each ending with a slash. */
export type FolderPage = { readonly files: readonly FileVersion[]; readonly folders: readonly string[] }

/** The visible files in B2's name order, page by page; no page is empty. */
export function listFileNames(
  api: Api,
  bucketId: string,
  { prefix = '', startFileName, pageSize, ...options }: ListOptions = {},
): AsyncGenerator<readonly FileVersion[], void> {
  return listPages(
    api,
    {
      operation: 'b2_list_file_names',
      bucketId,
      prefix,
      startFileName,
      query: (inside) => ({ bucketId, prefix: inside, maxFileCount: within(pageSize) }),
      answer: FileNamesAnswer,
      cursorOf: nameCursor,
    },
    options,
  )
}

/** Every version by name and newest first, page by page; no page is empty. */
export function listFileVersions(
  api: Api,
  bucketId: string,
  { prefix = '', startFileName, pageSize, ...options }: ListOptions = {},
): AsyncGenerator<readonly FileVersion[], void> {
  return listPages(
    api,
    {
      operation: 'b2_list_file_versions',
      bucketId,
      prefix,
      startFileName,
      query: (inside) => ({ bucketId, prefix: inside, maxFileCount: within(pageSize) }),
      answer: FileVersionsAnswer,
      cursorOf: ({ nextFileName, nextFileId }) =>
        nextFileName == null ? undefined : { startFileName: nextFileName, startFileId: nextFileId ?? undefined },
    },
    options,
  )
}

/**
 * What a file browser shows of one folder: `prefix` is empty or ends with a slash. A file whose name is the prefix itself
 * (some programs make one to keep an empty folder) is left out.
 */
export async function* listFolder(
  api: Api,
  bucketId: string,
  { prefix = '', startFileName, pageSize, ...options }: ListOptions = {},
): AsyncGenerator<FolderPage, void> {
  const pages = listPages(
    api,
    {
      operation: 'b2_list_file_names',
      bucketId,
      prefix,
      startFileName,
      query: (inside) => ({ bucketId, prefix: inside, delimiter: '/', maxFileCount: within(pageSize) }),
      answer: FolderAnswer,
      cursorOf: nameCursor,
    },
    options,
  )
  const { namePrefix } = await accountOf(api, options)
  const nextFolder = namePrefix.indexOf('/', prefix.length)
  if (namePrefix.startsWith(prefix) && nextFolder >= 0) {
    // Of all that lies here the key may see only the way down to its own prefix.
    yield { files: [], folders: [namePrefix.slice(0, nextFolder + 1)] }
    return
  }
  for await (const rows of pages) {
    const files = rows.flatMap((row) => (row.fileId !== null && row.fileName !== prefix ? [row] : []))
    const folders = rows.flatMap((row) => (row.fileId === null ? [row.fileName] : []))
    yield { files, folders }
  }
}

function within(pageSize = DEFAULT_LIST_PAGE): number {
  return Math.min(Math.max(1, pageSize), MAX_LIST_PAGE)
}

function nameCursor({ nextFileName }: Page<unknown>): Cursor | undefined {
  return nextFileName == null ? undefined : { startFileName: nextFileName }
}

/** The fields that say where the next page begins. */
type Cursor = Readonly<Record<string, string | undefined>>

type Page<Row> = {
  readonly files: readonly Row[]
  readonly nextFileName?: string | null | undefined
  readonly nextFileId?: string | null | undefined
}

type Listing<Row> = {
  readonly operation: string
  readonly bucketId: string
  readonly prefix: string
  readonly startFileName?: string | undefined
  /** What is asked besides where to begin, for the prefix that the key allows. */
  readonly query: (prefix: string) => object
  readonly answer: z.ZodType<Page<Row>>
  /** Undefined after the last page. */
  readonly cursorOf: (page: Page<Row>) => Cursor | undefined
}

/** Where to begin below a prefix; undefined when that is behind its end. A key may not name what is outside of its prefix. */
function firstCursor(prefix: string, startFileName: string | undefined): Cursor | undefined {
  if (startFileName === undefined || startFileName.startsWith(prefix)) return { startFileName }
  return compareRemoteNames(startFileName, prefix) < 0 ? {} : undefined
}

/** Follows the cursors of one listing to its end. Throws `b2_service_error` for a cursor that does not move on. */
export async function* listPages<Row>(
  api: Api,
  listing: Listing<Row>,
  options: CallOptions,
): AsyncGenerator<readonly Row[], void> {
  const { operation, bucketId, prefix, startFileName, query, answer, cursorOf } = listing
  const { namePrefix } = await accountOf(api, options)
  const inside = namePrefix.startsWith(prefix) ? namePrefix : prefix
  for (let cursor = firstCursor(inside, startFileName); cursor !== undefined;) {
    const at: Cursor = cursor
    const page = await callB2(
      api,
      {
        operation,
        needs: ['listFiles'],
        bucketId,
        fileName: inside,
        body: () => ({ ...query(inside), ...at }),
        answer,
      },
      options,
    )
    if (page.files.length > 0) yield page.files
    cursor = cursorOf(page)
    if (cursor !== undefined && JSON.stringify(cursor) === JSON.stringify(at)) {
      throw new EngineError('b2_service_error', `${operation}: the listing does not move on`, { operation })
    }
  }
}
