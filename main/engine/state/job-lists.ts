/**
 * What a person sees of table jobs, and does to many of them at once.
 *
 * Lists are ids in their order, which an index alone gives (some milliseconds for 100,000); rows are read for what is on
 * screen. What is chosen is changed in one statement.
 */
import { ErrorCode } from '../../../shared/errors.ts'
import type { FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import type { TransferChoice } from '../../../shared/model/transfer.ts'
import { RANKS, type Job } from '../model/job.ts'
import type { Db } from './database.ts'
import { LEFT_FOR_LATER, toJob, type JobRow } from './job-row.ts'
import { MATCHES_TEXT, textParameters } from './text-match.ts'

/** Rows that are compared with a text in one go: about a millisecond. */
const SLICE = 4000

/** Jobs that fail with one code. */
export type FailingCount = {
  readonly folderId: FolderId
  readonly code: ErrorCode
  readonly files: number
  readonly bytes: number
  /** Of these, how many only a person can mend and nobody has asked for since. */
  readonly stuckFiles: number
  /** When the first is due again. */
  readonly nextAttemptAt: UnixMs
}

/** Jobs that a person has left for later. */
export type PutOffCount = { readonly files: number; readonly bytes: number; readonly nextAttemptAt: UnixMs }

/** The ids among some rows that match a text, and where the next rows begin. */
export type MatchedSlice = { readonly jobIds: readonly JobId[]; readonly next: number; readonly isEnd: boolean }

type Counted = { readonly files: number; readonly bytes: number }
type OfFolders = { readonly folders: string | null }

/** The conditions for what is chosen, by its kind. */
const CHOSEN = {
  these: 'job_id IN (SELECT value FROM json_each(@jobIds))',
  matching: `(@folderId IS NULL OR folder_id = @folderId) AND ${MATCHES_TEXT}
    AND job_id NOT IN (SELECT value FROM json_each(@except))`,
} as const

/** Which groups of what nobody is at work on are meant. */
const IN_GROUPS = '(is_stuck = 0 AND @hasWaiting OR is_stuck = 1 AND @hasFailed)'

export function createJobLists(db: Db) {
  const ofFolders = '(@folders IS NULL OR folder_id IN (SELECT value FROM json_each(@folders)))'
  const waiting = db
    .prepare<[OfFolders], number>(
      `SELECT job_id FROM jobs INDEXED BY jobs_waiting WHERE is_stuck = 0 AND ${ofFolders}
       ORDER BY not_before, rank, job_id`,
    )
    .pluck()
  const stuck = db
    .prepare<[OfFolders], number>(
      `SELECT job_id FROM jobs INDEXED BY jobs_stuck WHERE is_stuck = 1 AND ${ofFolders} ORDER BY failing_since, job_id`,
    )
    .pluck()
  const byIds = db.prepare<[string], JobRow>('SELECT * FROM jobs WHERE job_id IN (SELECT value FROM json_each(?))')
  const newest = db.prepare<[], number | null>('SELECT max(job_id) FROM jobs').pluck()
  const matched = db
    .prepare<[object], number>(
      `SELECT job_id FROM jobs WHERE job_id > @after AND job_id <= @upTo AND ${MATCHES_TEXT} ORDER BY job_id`,
    )
    .pluck()
  const sliceEnd = db
    .prepare<[number, number], number>('SELECT job_id FROM jobs WHERE job_id > ? ORDER BY job_id LIMIT 1 OFFSET ?')
    .pluck()
  const stuckAmong = db
    .prepare<[string], number>(
      'SELECT count(*) FROM jobs WHERE job_id IN (SELECT value FROM json_each(?)) AND is_stuck = 1',
    )
    .pluck()
  const failing = db.prepare<[], Counted & { folder_id: number; code: string; stuck_files: number; next_at: number }>(
    `SELECT folder_id, code, files, bytes, stuck_files,
       (SELECT min(not_before) FROM jobs WHERE folder_id = d.folder_id AND code = d.code) AS next_at
     FROM delayed_totals AS d WHERE code <> '' AND files > 0 ORDER BY folder_id, code`,
  )
  const putOffTotal = db.prepare<[number], Counted>(
    `SELECT files, bytes FROM delayed_totals WHERE folder_id = ? AND code = ''`,
  )
  const putOffDue = db.prepare<[number, number], Counted>(
    `SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM jobs INDEXED BY jobs_put_off
     WHERE folder_id = ? AND not_before <= ? AND rank = ${RANKS.putOff} AND code IS NULL`,
  )
  const putOffNext = db
    .prepare<[number, number], number | null>(
      `SELECT min(not_before) FROM jobs INDEXED BY jobs_put_off
       WHERE folder_id = ? AND not_before > ? AND rank = ${RANKS.putOff} AND code IS NULL`,
    )
    .pluck()
  const front = db
    .prepare<[], number | null>('SELECT min(not_before) FROM jobs INDEXED BY jobs_waiting WHERE is_stuck = 0')
    .pluck()
  const leased = forChoice((chosen) =>
    db.prepare<[object], JobRow>(`SELECT * FROM jobs WHERE is_leased = 1 AND ${chosen}`),
  )
  const putOff = forChoice((chosen) =>
    db.prepare(
      `UPDATE jobs SET not_before = @until, ${LEFT_FOR_LATER} WHERE is_leased = 0 AND ${IN_GROUPS} AND ${chosen}`,
    ),
  )
  const hurry = forChoice((chosen) =>
    db.prepare(
      `UPDATE jobs SET not_before = @front, rank = ${RANKS.asked}, attempts = 0, code = NULL, details = '{}',
         failing_since = NULL, is_stuck = 0 WHERE is_leased = 0 AND ${IN_GROUPS} AND ${chosen}`,
    ),
  )

  return {
    /** The jobs that wait, of these folders or of all, in the order they are due; those under way are among them. */
    listWaitingIds(folderIds: readonly FolderId[] | null): readonly JobId[] {
      return waiting.all({ folders: folderIds && JSON.stringify(folderIds) }) as JobId[]
    },
    /** The jobs that only a person can mend, the longest failing first; those under way are among them. */
    listStuckIds(folderIds: readonly FolderId[] | null): readonly JobId[] {
      return stuck.all({ folders: folderIds && JSON.stringify(folderIds) }) as JobId[]
    },
    /** The jobs with these ids that are there, in any order. */
    listByIds(jobIds: readonly JobId[]): readonly Job[] {
      return byIds.all(JSON.stringify(jobIds)).map(toJob)
    },
    /**
     * Compares some jobs whose ids are above `after` with a text; the path of a job never changes, so what was compared
     * once needs no second look.
     */
    matchSome(text: string, after: number): MatchedSlice {
      const end = sliceEnd.get(after, SLICE - 1)
      const upTo = end ?? newest.get() ?? after
      const jobIds = matched.all({ after, upTo, ...textParameters(text) }) as JobId[]
      return { jobIds, next: Math.max(after, upTo), isEnd: end === undefined }
    },
    /** Of jobs that are under way, how many had failed in a way that only a person can mend. */
    countStuckAmong(jobIds: readonly JobId[]): number {
      return jobIds.length === 0 ? 0 : (stuckAmong.get(JSON.stringify(jobIds)) ?? 0)
    },
    /** How many jobs of each folder fail with which code. */
    countFailing(): readonly FailingCount[] {
      return failing.all().map((row) => ({
        folderId: row.folder_id as FolderId,
        code: ErrorCode.parse(row.code),
        files: row.files,
        bytes: row.bytes,
        stuckFiles: row.stuck_files,
        nextAttemptAt: row.next_at as UnixMs,
      }))
    },
    /** What a person has left for later and is not due yet, what fails left out; null for none. */
    countPutOff(folderId: FolderId, now: UnixMs): PutOffCount | null {
      const total = putOffTotal.get(folderId)
      if (total === undefined || total.files === 0) return null
      const nextAt = putOffNext.get(folderId, now) ?? null
      if (nextAt === null) return null
      const due = putOffDue.get(folderId, now)
      const [files, bytes] = [total.files - (due?.files ?? 0), total.bytes - (due?.bytes ?? 0)]
      return { files, bytes, nextAttemptAt: nextAt as UnixMs }
    },
    /** The chosen jobs that are under way or at hand, whatever their group. */
    listLeased(choice: TransferChoice): readonly Job[] {
      return leased[choice.kind].all(parametersOf(choice)).map(toJob)
    },
    /** Leaves the chosen jobs that nobody has leased until `until`; returns how many that are. */
    putOff(choice: TransferChoice, until: UnixMs): number {
      return putOff[choice.kind].run({ ...parametersOf(choice), until }).changes
    },
    /**
     * The chosen jobs that nobody has leased are the first ones of their lanes from now on, and begin anew: a person asked for
     * them, and what was asked for last goes first. Returns how many that are.
     */
    hurry(choice: TransferChoice): number {
      const first = Math.min(0, front.get() ?? 0) - 1
      return hurry[choice.kind].run({ ...parametersOf(choice), front: first }).changes
    },
  }
}

function forChoice<T>(prepare: (condition: string) => T): Readonly<Record<TransferChoice['kind'], T>> {
  return { these: prepare(CHOSEN.these), matching: prepare(CHOSEN.matching) }
}

function parametersOf(choice: TransferChoice) {
  if (choice.kind === 'these') return { jobIds: JSON.stringify(choice.jobIds), hasWaiting: 1, hasFailed: 1 }
  const { filter, groups, except } = choice
  return {
    folderId: filter.folderId,
    ...textParameters(filter.text),
    except: JSON.stringify(except),
    hasWaiting: Number(groups.includes('waiting')),
    hasFailed: Number(groups.includes('failed')),
  }
}
