import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FolderId } from '../../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import { leaseFirst, listJobs, NOW, relative } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { initial } from './migrations/0010-initial.ts'
import { openState, type State } from './state.ts'

const SHA1 = 'a'.repeat(40)

/** What the first Pail had written: a row in every table. */
const content = `
  INSERT INTO account VALUES (1, 'https://realm', 'key');
  INSERT INTO settings VALUES ('paused', 'true');
  INSERT INTO sync_folders VALUES (3, '/photos', 'b', 'bucket', 'allPrivate', 'p/'), (5, '/other', 'b', 'bucket', 'allPrivate', 'q/');
  INSERT INTO base_entries VALUES (3, 'dir', 'a', 10, 1.5, 2.25, 7e18, '${SHA1}', 'f1'), (3, '', 'b', 20, 1, 2, 3, '${SHA1}', 'f2');
  INSERT INTO remote_entries VALUES (3, 'dir/a', 'f1', '${SHA1}', 10, 99), (3, 'theirs', 'f9', NULL, 5, 98);
  INSERT INTO jobs (job_id, folder_id, path, kind, size_bytes, revision, is_leased, is_uncertain, attempts, not_before, code,
    details, failing_since)
    VALUES (11, 3, 'new', 'upload', 30, 4, 1, 0, 2, 77, 'timeout', '{"operation":"x"}', 66), (12, 5, 'gone', 'hide', 0, 1, 0, 1, 0, 0, NULL, '{}', NULL);
  INSERT INTO activity VALUES (8, 55, 'uploaded', 3, 'dir/a', 10, NULL);
`

/** A database of version 10 with that, opened by this Pail. */
function openOld(): { readonly file: string; readonly state: State } {
  const file = join(tempFolder(), 'pail.db')
  const old = new Database(file)
  old.exec(initial)
  old.exec(content)
  old.pragma('user_version = 10')
  old.close()
  const state = openState(file)
  onTestFinished(() => state.close())
  return { file, state }
}

const folderId = 3 as FolderId
const otherId = 5 as FolderId

describe('a database of the first Pail', () => {
  it('is taken over with everything in it', () => {
    const { state } = openOld()
    expect(state.recovered).toBeNull()
    expect(state.settings.findAccount()).toEqual({ realm: 'https://realm', applicationKeyId: 'key' })
    expect(state.settings.pause()).toEqual({ until: null })
    expect(state.base.find(folderId, relative('dir/a'))).toEqual({
      path: 'dir/a',
      fingerprint: { sizeBytes: 10, mtimeMs: 1.5, ctimeMs: 2.25, ino: 7e18, isOtherDevice: false },
      sha1: SHA1,
      fileId: 'f1',
    })
    const remote = { sha1: SHA1, sizeBytes: 10, uploadedAt: 99, isOurs: false }
    expect(state.remote.find(folderId, relative('dir/a'))).toEqual({ path: 'dir/a', fileId: 'f1', ...remote })
    expect(state.remote.find(folderId, relative('theirs'))).toMatchObject({ sha1: null })
    expect(state.jobs.findForPath(folderId, relative('new'))).toEqual({
      jobId: 11,
      folderId,
      path: 'new',
      kind: 'upload',
      sizeBytes: 30,
      from: null,
      revision: 4,
      lane: 'small',
      isUncertain: false,
      isAsked: false,
      isPutOff: false,
      attempts: 2,
      notBefore: 77,
      code: 'timeout',
      details: { operation: 'x' },
      failingSince: 66,
      isStuck: false,
    })
    expect(state.jobs.findForPath(otherId, relative('gone'))).toMatchObject({ kind: 'hide', isUncertain: true })
    expect(state.activity.list(10)).toEqual([
      {
        activityId: 8,
        at: 55,
        verb: 'uploaded',
        folderId: 3,
        path: 'dir/a',
        sizeBytes: 10,
        sparedBytes: null,
        code: null,
      },
    ])
  })

  it('has folders with the usual settings, of which nothing more is known', () => {
    const { state } = openOld()
    const place = { bucketId: 'b', bucketName: 'bucket', bucketType: 'allPrivate' }
    expect(state.folders.list()).toEqual([
      { folderId: 3, root: '/photos', prefix: 'p/', ...place, settings: DEFAULT_FOLDER_SETTINGS },
      { folderId: 5, root: '/other', prefix: 'q/', ...place, settings: DEFAULT_FOLDER_SETTINGS },
    ])
    expect(state.folders.memory(folderId)).toEqual({
      identity: null,
      asksEveryLoss: false,
      held: null,
      pause: null,
      listedAt: null,
    })
  })

  it('counts on from where it was', () => {
    const { state } = openOld()
    const totals = (id: FolderId) => Object.values(state.folders.totals(id))
    expect([totals(folderId), totals(otherId)]).toEqual([
      [2, 30, 1, 30, 0, 0],
      [0, 0, 1, 0, 0, 0],
    ])
    expect(state.stored.of(folderId)).toEqual({
      current: { files: 2, bytes: 15 },
      old: { files: 0, bytes: 0 },
      unfinished: { files: 0, bytes: 0 },
      countedAt: null,
    })
    state.recordLook(
      folderId,
      {
        planned: [
          { path: relative('new'), action: { kind: 'upload', sizeBytes: 31, reason: 'new' } },
          { path: relative('more'), action: { kind: 'upload', sizeBytes: 1, reason: 'new' } },
        ],
        settled: [],
        notices: [{ path: relative('bad'), kind: 'blocked', code: 'file_unreadable', details: {}, since: NOW }],
        untracked: [],
        losses: [{ path: relative('b'), kind: 'absent' }],
        seenAt: 0,
        deleteDelayMs: 0,
      },
      'hinted',
    )
    expect(totals(folderId)).toEqual([2, 30, 2, 32, 1, 1])
    state.beginRun()
    expect(totals(otherId)).toEqual([0, 0, 0, 0, 0, 0])
    expect(state.jobs.findForPath(folderId, relative('new'))?.isUncertain).toBe(true)
    state.folders.remove(folderId)
    expect([leaseFirst(state, NOW, 10), state.base.find(folderId, relative('b'))]).toEqual([[], undefined])
  })

  it('is the same as a new one afterwards', () => {
    const { file, state } = openOld()
    state.close()
    const anew = join(tempFolder(), 'pail.db')
    openState(anew).close()
    const schemaOf = (path: string): unknown => {
      const db = new Database(path, { readonly: true })
      const schema = db.prepare(`SELECT type, name, sql FROM sqlite_schema ORDER BY type, name`).all()
      const version = db.pragma('user_version', { simple: true })
      db.close()
      return { schema, version }
    }
    expect(schemaOf(file)).toEqual(schemaOf(anew))
  })

  it('is sound, and is not changed again by the next start', () => {
    const { file, state } = openOld()
    const before = listJobs(state)
    state.close()
    const db = new Database(file)
    expect([db.pragma('integrity_check', { simple: true }), db.pragma('foreign_key_check')]).toEqual(['ok', []])
    db.close()
    const again = openState(file)
    expect(listJobs(again)).toEqual(before)
    expect(again.jobs.listWaitingLines()).toEqual([{ folderId: otherId, lane: 'small', firstAt: 0, lastAt: 0 }])
    again.close()
  })
})
