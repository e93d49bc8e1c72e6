/**
 * Listings as pages. A page of B2 may be short or empty and still not be the last one; only a missing cursor ends a
 * listing. Listings are no snapshots: what changes meanwhile may be seen or missed.
 */
import type { z } from 'zod'
import { EngineError } from '../../../shared/errors.ts'
import { callB2, type Api, type CallOptions } from './call.ts'
import { DEFAULT_LIST_PAGE, MAX_LIST_PAGE } from './limits.ts'
import { FileNamesAnswer, FileVersionsAnswer, type FileVersion } from './types.ts'

export type ListOptions = CallOptions & {
  /** Only names that start with this; where the key is for a narrower prefix, only names that start with that. */
  readonly prefix?: string | undefined
  /** Begin at this name, or at the first one after it. */
  readonly startFileName?: string | undefined
  /** Rows asked for at once, 1 to 10,000; 1,000 when absent. Each started thousand is one transaction. */
  readonly pageSize?: number | undefined
}

type Cursor = { readonly startFileName?: string | undefined; readonly startFileId?: string | undefined }

type Page = {
  readonly files: readonly FileVersion[]
  readonly nextFileName?: string | null | undefined
  readonly nextFileId?: string | null | undefined
}

/** The visible files in B2's name order, page by page; no page is empty. */
export function listFileNames(
  api: Api,
  bucketId: string,
  options?: ListOptions,
): AsyncGenerator<readonly FileVersion[], void> {
  return listPages(api, 'b2_list_file_names', FileNamesAnswer, bucketId, options)
}

/** Every version by name and newest first, page by page; no page is empty. */
export function listFileVersions(
  api: Api,
  bucketId: string,
  options?: ListOptions,
): AsyncGenerator<readonly FileVersion[], void> {
  return listPages(api, 'b2_list_file_versions', FileVersionsAnswer, bucketId, options)
}

async function* listPages(
  api: Api,
  operation: string,
  answer: z.ZodType<Page>,
  bucketId: string,
  { prefix = '', startFileName, pageSize = DEFAULT_LIST_PAGE, ...options }: ListOptions = {},
): AsyncGenerator<readonly FileVersion[], void> {
  const { account } = await api.session.authorization(options.signal)
  const effectivePrefix = account.namePrefix.startsWith(prefix) ? account.namePrefix : prefix
  const maxFileCount = Math.min(Math.max(1, pageSize), MAX_LIST_PAGE)
  let cursor: Cursor | undefined = { startFileName }
  while (cursor !== undefined) {
    const at: Cursor = cursor
    const page: Page = await callB2(
      api,
      {
        operation,
        needs: 'listFiles',
        bucketId,
        fileName: effectivePrefix,
        body: () => ({ bucketId, prefix: effectivePrefix, maxFileCount, ...at }),
        answer,
      },
      options,
    )
    if (page.files.length > 0) yield page.files
    cursor = nextCursor(page, at, operation)
  }
}

function nextCursor({ nextFileName, nextFileId }: Page, at: Cursor, operation: string): Cursor | undefined {
  if (nextFileName == null) return undefined
  const next: Cursor = { startFileName: nextFileName, startFileId: nextFileId ?? undefined }
  if (next.startFileName === at.startFileName && next.startFileId === at.startFileId) {
    throw new EngineError('b2_service_error', `${operation}: the listing does not move on`, { operation })
  }
  return next
}
