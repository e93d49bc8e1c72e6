/** Sample transfers: what moves in a scene, and the lists behind it, of any length. */
import type { z } from 'zod'
import { matchesText } from '../../shared/format/matches-text.ts'
import { TransferPage, type ListedRow, type MovingRow, type TransferQuery } from '../../shared/model/transfer.ts'

type Moving = z.input<typeof MovingRow>
type Listed = z.input<typeof ListedRow>
type Waiting = Extract<Listed, { group: 'waiting' }>
type Failed = Extract<Listed, { group: 'failed' }>
type Done = Extract<Listed, { group: 'done' }>

/** The first rows that wait are written out, the others are made. */
export type SampleLists = {
  readonly waitingCount: number
  readonly waiting: readonly Partial<Waiting>[]
  readonly failed: readonly Partial<Failed>[]
  readonly done: readonly Partial<Done>[]
}

const now = Date.now()
const minute = 60_000

const names = [
  'Travel/2026 Norway/IMG_2041.jpg',
  'Contracts/Mietvertrag Müllerstraße 12 (unterschrieben).pdf',
  'Work/Q3 report.docx',
  'Music/Live at the harbour.flac',
  'Work/budget.xlsx',
  'Code/pail/index.html',
  'Archive/letters 1998-2004.zip',
  'notes.txt',
  'Travel/2026 Norway/clip 0007.mp4',
  'Recipes/Crème brûlée 🍮.md',
]

export const nameAt = (index: number): string => names[index % names.length] ?? 'notes.txt'
const sizeOf = (id: number): number => 1000 + ((id * 7_654_321) % 84_000_000)
const ofJob = (jobId: number) => ({
  jobId,
  folderId: 1 + (jobId % 2),
  path: jobId < 100 ? nameAt(jobId) : `Scans/${1990 + (jobId % 30)}/page ${String(jobId).padStart(6, '0')}.tiff`,
  kind: 'upload' as const,
  sizeBytes: sizeOf(jobId),
})

export function moving(jobId: number, over: Partial<Moving>): Moving {
  const row = {
    ...ofJob(jobId),
    phase: 'sending' as const,
    sentBytes: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    ...over,
  }
  const left = row.sizeBytes - row.sentBytes
  return { ...row, secondsLeft: row.bytesPerSecond > 0 ? left / row.bytesPerSecond : null }
}

export const movingRows: readonly Moving[] = [
  moving(2, { sizeBytes: 84_000_000, sentBytes: 61_000_000, bytesPerSecond: 9_400_000 }),
  moving(8, { sizeBytes: 1_840_000_000, sentBytes: 402_000_000, bytesPerSecond: 7_100_000 }),
  moving(16, { sizeBytes: 12_300_000_000, phase: 'hashing' }),
  moving(5, { sizeBytes: 5300, sentBytes: 5300, phase: 'finishing' }),
  moving(3, { kind: 'hide', sizeBytes: 0, phase: 'starting' }),
  moving(9, { kind: 'copy', sizeBytes: 84_000_000, phase: 'copying' }),
]

export const noLists: SampleLists = { waitingCount: 0, waiting: [], failed: [], done: [] }

const done: readonly Partial<Done>[] = [
  {},
  { verb: 'copied' },
  {},
  { verb: 'hidden', sizeBytes: null },
  { verb: 'adopted' },
  { verb: 'deleted', sizeBytes: null },
  ...Array.from({ length: 6 }, () => ({})),
]

export const idleLists: SampleLists = { ...noLists, done }

export const busyLists: SampleLists = {
  waitingCount: 208,
  waiting: [
    { isAsked: true },
    {},
    {},
    { why: { kind: 'waiting', code: 'file_busy', nextAttemptAt: now + 20_000 } },
    { why: { kind: 'waiting', code: 'connection_reset', nextAttemptAt: now + 95_000 } },
    { why: { kind: 'settling', waiting: null } },
    { why: { kind: 'put-off', until: now + 50 * minute } },
  ],
  failed: [
    { code: 'file_unreadable' },
    {
      code: 'name_not_allowed',
      path: 'Work/bell\u0007.txt',
      details: { reason: "it contains the control character U+0007 at place 5 of the file's name" },
    },
    { code: 'would_overwrite', nextAttemptAt: now + 9 * minute },
  ],
  done,
}

export const hugeLists: SampleLists = { ...busyLists, waitingCount: 99_986 }

/** What the engine would answer. */
export function pageOf(lists: SampleLists, sending: number, { filter, start, limit }: TransferQuery): TransferPage {
  const waiting = Array.from({ length: lists.waitingCount }, (_, index) => ({
    group: 'waiting' as const,
    ...ofJob(100 + index),
    isAsked: false,
    why: { kind: 'waiting' as const, code: null, nextAttemptAt: null },
    ...lists.waiting[index],
  }))
  const failed = lists.failed.map((over, index) => ({
    group: 'failed' as const,
    ...ofJob(60 + index),
    code: 'file_unreadable' as const,
    details: {},
    since: now - 3 * 60 * minute,
    nextAttemptAt: now + 20 * minute,
    ...over,
  }))
  const finished = lists.done.map((over, index) => ({
    group: 'done' as const,
    activityId: 260 - index,
    folderId: 1 + (index % 2),
    path: nameAt(index),
    verb: 'uploaded' as const,
    sizeBytes: sizeOf(index + 20),
    at: now - index * 47_000,
    ...over,
  }))
  const isWanted = (row: { readonly path: string; readonly folderId: number }): boolean =>
    matchesText(row.path, filter.text) && (filter.folderId === null || filter.folderId === row.folderId)
  const all = [failed, waiting, finished].map((rows) => (rows as readonly Listed[]).filter(isWanted))
  const [failedCount = 0, waitingCount = 0, doneCount = 0] = all.map(({ length }) => length)
  return TransferPage.parse({
    listId: 1,
    counts: { now: sending, failed: failedCount, waiting: waitingCount, done: doneCount },
    start,
    rows: all.flat().slice(start, start + limit),
    shift: 0,
    gone: [],
  })
}

/** The ids of some rows, as the engine gives them. */
export function idsOf(lists: SampleLists, start: number, limit: number) {
  const { rows } = pageOf(lists, 0, {
    filter: { text: '', folderId: null },
    listId: 1,
    start,
    limit,
    anchor: null,
    watched: [],
  })
  return {
    jobIds: rows.flatMap((row) => (row !== null && row.group !== 'done' ? [row.jobId] : [])),
    activityIds: rows.flatMap((row) => (row?.group === 'done' ? [row.activityId] : [])),
  }
}
