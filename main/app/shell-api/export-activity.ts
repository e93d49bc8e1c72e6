/** Writes what happened into a file that a person has chosen: page by page, beside it first, so that no half file is ever there. */
import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ExportFormat, ExportOutcome } from '../../../shared/contract/shell-api.ts'
import type { EngineApi } from '../../../shared/contract/engine-api.ts'
import type { ClientOf } from '../../../shared/contract/procedure.ts'
import type { FolderId } from '../../../shared/ids.ts'
import type { ActivityFilter, ActivityRow } from '../../../shared/model/activity.ts'

/** Rows asked for at once. */
const PAGE = 1000

export type ExportOptions = {
  readonly filter: ActivityFilter
  readonly format: ExportFormat
  /** Where it goes; what is there is replaced at the end. */
  readonly path: string
  readonly listActivity: ClientOf<EngineApi>['listActivity']
  /** Where a folder is on this computer; undefined for one that is not synced any more. */
  readonly rootOf: (folderId: FolderId) => string | undefined
}

/** One event as it is written. */
type Event = {
  readonly time: string
  readonly event: string
  readonly folder: string
  readonly path: string
  readonly bytes: number | null
  readonly sparedBytes: number | null
  readonly error: string
}

/** Throws what the engine throws; what the disk says is part of the outcome. */
export async function exportActivity(options: ExportOptions): Promise<ExportOutcome> {
  const { path } = options
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`)
  try {
    const rows = await write(draft, options)
    await rename(draft, path)
    return { kind: 'saved', rows, name: basename(path) }
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    const reason = reasonOf(error)
    if (reason === null) throw error
    return { kind: 'failed', reason }
  }
}

async function write(draft: string, { filter, format, listActivity, rootOf }: ExportOptions): Promise<number> {
  const writer = format === 'csv' ? csv : json
  const file = await open(draft, 'wx')
  let rows = 0
  try {
    await file.write(writer.head)
    for (let before: number | undefined; ;) {
      const page = await listActivity({ filter, limit: PAGE, ...(before === undefined ? {} : { before }) })
      const text = page.map((row, index) => writer.line(eventOf(row, rootOf), rows + index === 0)).join('')
      if (text !== '') await file.write(text)
      rows += page.length
      before = page.at(-1)?.activityId
      if (page.length < PAGE || before === undefined) break
    }
    await file.write(writer.foot)
    // What is said to be saved is on the disk.
    await file.sync()
    return rows
  } finally {
    await file.close()
  }
}

function eventOf(row: ActivityRow, rootOf: ExportOptions['rootOf']): Event {
  const { at, verb, folderId, path, sizeBytes, sparedBytes, code } = row
  return {
    time: new Date(at).toISOString(),
    event: verb,
    folder: folderId === null ? '' : (rootOf(folderId) ?? ''),
    path: path ?? '',
    bytes: sizeBytes,
    sparedBytes,
    error: code ?? '',
  }
}

type Writer = {
  readonly head: string
  readonly line: (event: Event, isFirst: boolean) => string
  readonly foot: string
}

/** As RFC 4180 has it, with the mark by which spreadsheets know UTF-8. */
const csv: Writer = {
  head: '\uFEFFtime,event,folder,path,bytes,bytes B2 had already,error\r\n',
  line: (event) => `${Object.values(event).map(cell).join(',')}\r\n`,
  foot: '',
}

const json: Writer = {
  head: '[',
  line: (event, isFirst) => `${isFirst ? '\n' : ',\n'}${JSON.stringify(event)}`,
  foot: '\n]\n',
}

/** Always quoted. A name that a spreadsheet would take for a formula gets an apostrophe, which makes it text. */
function cell(value: string | number | null): string {
  if (typeof value === 'number') return String(value)
  const text = value ?? ''
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return text === '' ? '' : `"${harmless.replaceAll('"', '""')}"`
}

/** Null for what is not about the disk. */
function reasonOf(error: unknown): 'no-space' | 'not-allowed' | 'other' | null {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return null
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no-space'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-allowed'
    default:
      return 'other'
  }
}
