/** Each invariant notices its breach: a careless client does on purpose what the engine must never do. */
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import Database from 'better-sqlite3'
import { NO_DROPS } from '../../shared/model/drop.ts'
import type { EngineSnapshot } from '../../shared/model/snapshot.ts'
import type { TransferPage } from '../../shared/model/transfer.ts'
import { startEmulator } from '../b2-emulator/emulator.ts'
import { connect, sha1, startLarge } from '../b2-emulator/test-client.ts'
import { Witness, type Said } from './history.ts'
import {
  assertAlways,
  assertSettled,
  contradictions,
  lifecycleChangesOnlyOnDemand,
  massRemovalsAreApproved,
  movesArriveBeforeTheyLeave,
  noLargeFileIsLeftUnfinished,
  noteList,
  noteSnapshot,
  nothingBecomesUnreachable,
  nothingElseIsTouched,
  objectsAreWholeFiles,
  recordsAgree,
  recordsAreSound,
  removalsHaveEvidence,
  secondSyncDoesNothing,
  secretsStayOut,
  stoppedFoldersSendNothing,
  userFilesStayUntouched,
} from './invariants.ts'
import { anEntry, openStateBench } from './state-bench.ts'
import { tempFolder } from './temp-folder.ts'

const BUCKET = 'invariants'

/** Longer than anything here takes. */
const LONG_MS = 3_600_000

/** A careless client, a folder with some files, and a witness of both; the files are in the bucket. */
async function begin(files: Readonly<Record<string, string>> = { a: 'a', b: 'b' }, deleteDelayMs = 0) {
  const root = join(tempFolder(), 'root')
  mkdirSync(root)
  const emulator = await startEmulator({ buckets: [{ bucketName: BUCKET }] })
  onTestFinished(() => emulator.stop())
  const client = await connect(emulator)
  const bucketId = emulator.buckets[0]?.bucketId ?? ''
  const witness = new Witness({ emulator, bucketName: BUCKET, deleteDelayMs })
  const write = (path: string, content: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  const upload = (path: string, content: string) => client.upload(BUCKET, `docs/${path}`, content)
  const hide = (name: string) => client.call('hide_file', { bucketId, fileName: name })
  const change = (how: () => void): void => {
    how()
    witness.look()
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  witness.noteStart()
  witness.watch([{ root, prefix: 'docs/' }])
  for (const [path, content] of Object.entries(files)) await upload(path, content)
  witness.noteKept(new Map(Object.entries(files).map(([path, content]) => [`docs/${path}`, sha1(content)])))
  const remove = (path: string): void => change(() => rmSync(join(root, path), { recursive: true }))
  return { root, emulator, client, bucketId, witness, write, upload, hide, change, remove }
}

/** Lets the newest state of the disk have begun ten seconds ago. */
function longAgo(witness: Witness): void {
  witness.states.splice(-1, 1, { ...witness.now, at: Date.now() - 10_000 })
}

/** A snapshot, as far as a witness looks at it. */
const saying = (kind: string) => ({ folders: [{ prefix: 'docs/', status: { kind } }] }) as unknown as EngineSnapshot

/** The same, as if it had been said at another time. */
const saidAt = (said: readonly Said[], at: number): readonly Said[] => said.map((each) => ({ ...each, at }))

/** What an engine says of a folder with two files that is up to date, as far as it is counted, with some of it changed. */
function atRest(change: object = {}, ofTransfers: object = {}, ofFolder: object = {}): EngineSnapshot {
  const status = { kind: 'up-to-date', files: 2, checkedAt: 0 }
  const folder = { folderId: 1, prefix: 'docs/', status, syncedFiles: 2, syncedBytes: 2, decisions: [] }
  return {
    status,
    folders: [{ ...folder, ...ofFolder }],
    problems: [],
    problemCount: 0,
    drops: NO_DROPS,
    transfers: { sending: [], sendingCount: 0, waitingCount: 0, failedCount: 0, ...ofTransfers },
    ...change,
  } as unknown as EngineSnapshot
}

describe('a client that does what it should', () => {
  it('breaks no invariant', async () => {
    const { witness, write, upload, hide, change, remove } = await begin()
    change(() => write('c', 'c'))
    await upload('c', 'c')
    remove('a')
    await hide('docs/a')
    witness.expectUntouched()
    expect(() => assertSettled(witness)).not.toThrow()
  })
})

describe('I1', () => {
  it('misses content whose versions are gone while its file is gone or changed', async () => {
    const { client, emulator, witness, write, upload, change } = await begin()
    const [version] = emulator.fileVersions(BUCKET)
    await client.call('delete_file_version', { fileName: 'docs/a', fileId: version?.fileId })
    expect(nothingBecomesUnreachable(witness)).toEqual([])
    change(() => write('a', 'changed'))
    await upload('a', 'changed')
    expect(nothingBecomesUnreachable(witness)).toEqual([expect.stringMatching(/^docs\/a was/)])
  })

  it('lets those go that somebody wanted to go', async () => {
    const { client, emulator, witness, remove } = await begin()
    const [version] = emulator.fileVersions(BUCKET)
    await client.call('delete_file_version', { fileName: 'docs/a', fileId: version?.fileId })
    remove('a')
    witness.erasable.add('docs/a')
    expect(nothingBecomesUnreachable(witness)).toEqual([])
  })
})

describe('I2', () => {
  it.each<readonly [string, (root: string) => void]>([
    ['changed', (root) => writeFileSync(join(root, 'a'), 'x')],
    ['renamed', (root) => renameSync(join(root, 'a'), join(root, 'z'))],
    ['deleted', (root) => rmSync(join(root, 'a'))],
    ['given another date', (root) => utimesSync(join(root, 'a'), 1, 1)],
    ['made', (root) => writeFileSync(join(root, 'made'), '')],
  ])('notices a file that was %s by nobody', async (_what, change) => {
    const { root, witness } = await begin()
    change(root)
    witness.expectUntouched()
    expect(userFilesStayUntouched(witness)).not.toEqual([])
  })

  it('lets the marker come and go', async () => {
    const { root, witness } = await begin()
    writeFileSync(join(root, '.pail-folder'), 'an id')
    witness.expectUntouched()
    expect(userFilesStayUntouched(witness)).toEqual([])
  })
})

describe('I3', () => {
  it('notices a hide of a file that is there', async () => {
    const { witness, hide } = await begin()
    await hide('docs/a')
    expect(removalsHaveEvidence(witness)).toEqual([expect.stringContaining('not seen to be absent')])
  })

  it('notices one that comes before the delay is over', async () => {
    const { witness, hide, remove } = await begin({ a: 'a', b: 'b' }, LONG_MS)
    remove('a')
    await hide('docs/a')
    expect(removalsHaveEvidence(witness)).toEqual([expect.stringContaining('the delay is')])
  })

  it.each([
    ['is content with a loss that was there for longer than the delay', 0, 0],
    ['notices one after a restart that counts what was seen before it', 1, 1],
  ])('%s', async (_what, restarts, complaints) => {
    const { witness, hide, remove } = await begin({ a: 'a', b: 'b' }, 5000)
    remove('a')
    longAgo(witness)
    witness.starts.splice(0, 1, 0)
    for (let i = 0; i < restarts; i += 1) witness.noteStart()
    await hide('docs/a')
    expect(removalsHaveEvidence(witness)).toHaveLength(complaints)
  })

  it('notices one right after a second loss, whatever was seen of the first', async () => {
    const { witness, write, hide, change, remove } = await begin({ a: 'a', b: 'b' }, 5000)
    witness.starts.splice(0, 1, 0)
    remove('a')
    longAgo(witness)
    change(() => write('a', 'a'))
    remove('a')
    // Longer ago than a hide may be on its way, however fast this machine is.
    const [back, gone] = witness.states.splice(-2)
    if (back !== undefined) witness.states.push({ ...back, at: Date.now() - 2000 })
    if (gone !== undefined) witness.states.push({ ...gone, at: Date.now() - 1000 })
    await hide('docs/a')
    expect(removalsHaveEvidence(witness)).toEqual([expect.stringContaining('the delay is')])
  })

  it.each<readonly [string, (root: string) => void]>([
    ['while the root is away', (root) => renameSync(root, `${root}-away`)],
    [
      'while another directory is at its place',
      (root) => {
        renameSync(root, `${root}-away`)
        mkdirSync(root)
      },
    ],
    [
      'below a link',
      (root) => {
        renameSync(join(root, 'dir'), `${root}-dir`)
        symlinkSync(`${root}-dir`, join(root, 'dir'))
      },
    ],
  ])('notices one %s', async (_when, change) => {
    const { root, witness, hide } = await begin({ 'dir/a': 'a', b: 'b' })
    change(root)
    witness.look()
    await hide('docs/dir/a')
    expect(removalsHaveEvidence(witness)).not.toEqual([])
  })
})

describe('I4', () => {
  const many = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`f${i}`, `${i}`]))

  it('notices many hides that nobody approved', async () => {
    const { witness, hide, remove } = await begin(many)
    witness.gate = { files: 2, percent: 30 }
    for (const name of ['f0', 'f1', 'f2']) {
      remove(name)
      await hide(`docs/${name}`)
    }
    expect(massRemovalsAreApproved(witness)).not.toEqual([])
    witness.approvals.set('docs/f1', 0)
    expect(massRemovalsAreApproved(witness)).toEqual([])
  })

  it('notices the hide of the last file', async () => {
    const { witness, hide, remove } = await begin({ a: 'a' })
    remove('a')
    await hide('docs/a')
    expect(massRemovalsAreApproved(witness)).not.toEqual([])
  })
})

describe('I5', () => {
  it('notices an object that is torn', async () => {
    const { witness, upload } = await begin()
    await upload('a', 'half of a')
    expect(objectsAreWholeFiles(witness)).not.toEqual([])
  })

  it('notices an empty object of a file that was empty for a moment only', async () => {
    const { root, witness, upload, change } = await begin()
    change(() => writeFileSync(join(root, 'a'), ''))
    const { at } = witness.now
    change(() => writeFileSync(join(root, 'a'), 'content'))
    // However long this machine took for that.
    witness.states.splice(-1, 1, { ...witness.now, at: at + 1 })
    await upload('a', '')
    expect(objectsAreWholeFiles(witness)).not.toEqual([])
  })

  it('leaves alone what other programs upload', async () => {
    const { emulator, witness, upload } = await begin()
    await upload('a', 'theirs')
    for (const { fileId } of emulator.fileVersions(BUCKET)) witness.foreignFileIds.add(fileId)
    expect(objectsAreWholeFiles(witness)).toEqual([])
  })
})

describe('I6', () => {
  it('notices a hide before the new name is there', async () => {
    const { root, witness, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    await hide('docs/a')
    await upload('z', 'a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([expect.stringContaining('docs/z')])
  })

  it('is content when the new name came first', async () => {
    const { root, witness, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    await upload('z', 'a')
    await hide('docs/a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([])
  })

  it('is content when the new name came first and was saved anew just before', async () => {
    const { root, witness, write, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    await upload('z', 'a')
    write('z', 'anew')
    await upload('z', 'anew')
    await hide('docs/a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([])
  })

  it('is content when the file is gone under its new name, too, just before', async () => {
    const { root, witness, hide, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    change(() => rmSync(join(root, 'z')))
    await hide('docs/a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([])
  })

  it('is content when only what was saved anew just before came first', async () => {
    const { root, witness, write, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    change(() => write('z', 'anew'))
    await upload('z', 'anew')
    await hide('docs/a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([])
  })

  it.each([
    ['had not arrived either', null],
    ['arrived as something that it never was', 'other'],
  ])('notices that what was saved anew just before %s', async (_what, sent) => {
    const { root, witness, write, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    change(() => write('z', 'anew'))
    if (sent !== null) await upload('z', sent)
    await hide('docs/a')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([expect.stringContaining('docs/z')])
  })

  it('notices that what was saved anew came after the hide', async () => {
    const { root, witness, write, hide, upload, change } = await begin()
    change(() => renameSync(join(root, 'a'), join(root, 'z')))
    longAgo(witness)
    change(() => write('z', 'anew'))
    await hide('docs/a')
    await upload('z', 'anew')
    expect(movesArriveBeforeTheyLeave(witness)).toEqual([expect.stringContaining('docs/z')])
  })
})

describe('I7', () => {
  it('notices writes and listings of a second sync, and no others', async () => {
    const { client, bucketId, emulator, witness } = await begin()
    const from = emulator.calls.length
    await client.call('list_buckets', { accountId: client.accountId })
    expect(secondSyncDoesNothing(witness, from)).toEqual([])
    await client.call('list_file_names', { bucketId })
    await client.upload(BUCKET, 'docs/a', 'a')
    expect(secondSyncDoesNothing(witness, from)).toHaveLength(2)
  })
})

describe('I9', () => {
  it('notices writes outside of the prefix, and changes of the bucket', async () => {
    const { client, bucketId, witness } = await begin()
    await client.upload(BUCKET, 'docs-too/x', 'x')
    await client.call('update_bucket', { accountId: client.accountId, bucketId, bucketType: 'allPublic' })
    expect(nothingElseIsTouched(witness)).toEqual([
      'upload_file of docs-too/x',
      expect.stringContaining('update_bucket'),
    ])
  })
})

describe('I8', () => {
  const DIFFERS_NOWHERE: ReadonlySet<string> = new Set()

  /** What the careless client has done, with the records of an engine that has done the same. */
  async function beginWithRecords() {
    const careless = await begin()
    const bench = openStateBench()
    const { folderId } = bench.addFolder(careless.root, 'docs/')
    const record = (path: string, content = path): void => {
      const shown = careless.emulator.listVisible(BUCKET).find(({ fileName }) => fileName === `docs/${path}`)
      bench.agree(folderId, anEntry(path, { content, fileId: shown?.fileId ?? '' }))
    }
    record('a')
    record('b')
    const complaints = (differing = DIFFERS_NOWHERE) => {
      bench.state.close()
      return recordsAgree(careless.witness, bench.file, differing)
    }
    return { ...careless, record, complaints }
  }

  it('is content where records, disk and bucket agree', async () => {
    const { complaints } = await beginWithRecords()
    expect(complaints()).toEqual([])
  })

  it('notices a file without a record, unless it is known to differ', async () => {
    const { change, write, complaints } = await beginWithRecords()
    change(() => write('c', 'c'))
    expect(complaints()).toEqual(['docs/c has no record'])
    expect(complaints(new Set(['docs/c']))).toEqual([])
  })

  it('notices a record of a version that the bucket does not show', async () => {
    const { hide, complaints } = await beginWithRecords()
    await hide('docs/a')
    expect(complaints()).toEqual([expect.stringMatching(/^docs\/a is recorded as a version/)])
  })

  it('notices a record of a content that is not on disk', async () => {
    const { change, write, complaints } = await beginWithRecords()
    change(() => write('a', 'another'))
    expect(complaints()).toEqual([expect.stringMatching(/^docs\/a is recorded with another content/)])
  })

  it('notices a record of a content that is not in the bucket', async () => {
    const { record, complaints } = await beginWithRecords()
    record('a', 'another')
    expect(complaints()).toEqual([expect.stringMatching(/^docs\/a is recorded with another content/)])
  })
})

describe('I10', () => {
  /** Records that were changed behind the engine's back. */
  function changed(...statements: readonly string[]): string {
    const bench = openStateBench()
    const { folderId } = bench.addFolder()
    bench.plan(folderId, ['a', 'b'])
    bench.state.close()
    const db = new Database(bench.file)
    db.pragma('foreign_keys = OFF')
    db.unsafeMode()
    for (const statement of statements) db.exec(statement)
    db.close()
    return bench.file
  }

  it('is content with sound records', () => {
    expect(recordsAreSound(changed())).toEqual([])
  })

  it.each(['base_files', 'base_bytes', 'job_files', 'job_bytes', 'loss_files', 'blocked_files'])(
    'notices a counter %s that is not what there is',
    (counter) => {
      const complaints = recordsAreSound(changed(`UPDATE folder_totals SET ${counter} = ${counter} + 1`))
      expect(complaints).toEqual([expect.stringMatching(/^I13/)])
    },
  )

  it.each([
    "UPDATE delayed_totals SET files = files + 1 WHERE code = 'timeout'",
    "UPDATE delayed_totals SET bytes = bytes + 1 WHERE code = ''",
    'UPDATE delayed_totals SET stuck_files = 1',
    'DELETE FROM delayed_totals',
    "INSERT INTO delayed_totals VALUES (1, 'file_busy', 1, 0, 0)",
  ])('notices a count of delayed jobs that is not so: %s', (statement) => {
    const delays = ["UPDATE jobs SET code = 'timeout' WHERE path = 'a'", "UPDATE jobs SET rank = 3 WHERE path = 'b'"]
    expect(recordsAreSound(changed(...delays))).toEqual([])
    expect(recordsAreSound(changed(...delays, statement))).toContainEqual(expect.stringMatching(/^I13/))
  })

  it('notices a job whose folder is gone', () => {
    expect(recordsAreSound(changed('DELETE FROM sync_folders'))).not.toEqual([])
  })

  it('notices a table and its index that do not agree', () => {
    const lie = `UPDATE sqlite_schema SET sql = replace(sql, 'is_leased', 'kind') WHERE name = 'jobs_next'`
    const complaints = recordsAreSound(changed('PRAGMA writable_schema = ON', lie))
    expect(complaints).toEqual([expect.stringMatching(/^integrity_check/)])
  })
})

describe('I11', () => {
  it('notices large files that are not finished', async () => {
    const { client, bucketId, witness } = await begin()
    await startLarge(client, bucketId, 'docs/large')
    expect(noLargeFileIsLeftUnfinished(witness)).not.toEqual([])
  })
})

describe('I12', () => {
  it('finds a secret in any file, at any depth', () => {
    const folder = tempFolder()
    mkdirSync(join(folder, 'logs'))
    writeFileSync(join(folder, 'logs', 'log'), 'the key is K0SECRET.')
    expect(secretsStayOut(folder, ['K0SECRET'])).toEqual(['log holds a secret'])
    expect(secretsStayOut(folder, ['another'])).toEqual([])
  })
})

describe('I13', () => {
  it('passes on what the engine said that was not so', async () => {
    const { witness } = await begin()
    witness.lies.push('"up to date" was shown')
    expect(() => assertAlways(witness)).toThrow('I13: "up to date" was shown')
  })
})

describe('I13, of what a snapshot counts', () => {
  const row = { folderId: 1, sizeBytes: 2, sentBytes: 1 }
  const problem = { folderId: 1, scope: 'file' }

  it('is content with one that agrees with itself', () => {
    expect(contradictions(atRest())).toEqual([])
    const sending = { kind: 'sending', files: 2 }
    const busy = { sending: [row], sendingCount: 1, waitingCount: 1 }
    expect(contradictions(atRest({ status: sending }, busy, { status: sending }))).toEqual([])
  })

  it('notices a list that counts otherwise', async () => {
    const { witness } = await begin()
    const snapshot = atRest({}, { waitingCount: 2, failedCount: 1 })
    const page = { counts: { now: 0, waiting: 2, failed: 1, done: 5 } } as TransferPage
    noteList(witness, snapshot, page)
    expect(witness.lies).toEqual([])
    noteList(witness, snapshot, { ...page, counts: { ...page.counts, failed: 2 } })
    expect(witness.lies).toHaveLength(1)
  })

  it.each<readonly [string, EngineSnapshot]>([
    ['is up to date and sends', atRest({}, { sending: [row], sendingCount: 1 })],
    ['is up to date with something that waits', atRest({}, { waitingCount: 1 })],
    ['counts what is sent wrong', atRest({ status: { kind: 'sending', files: 1 } }, { sendingCount: 1 })],
    ['has a file that failed and no problem', atRest({ status: { kind: 'sending', files: 1 } }, { failedCount: 1 })],
    ['counts less than nothing', atRest({}, {}, { syncedBytes: -1 })],
    ['is up to date with too many files', atRest({}, {}, { syncedFiles: 3 })],
    ['is up to date and has a file that fails', atRest({ problems: [problem], problemCount: 1 })],
    ['is up to date with something to decide', atRest({}, {}, { decisions: [{}] })],
    ['is up to date with a folder that is not', atRest({}, {}, { status: { kind: 'waiting', files: 1 } })],
    ['has a problem that it does not tell', atRest({ status: { kind: 'problem', problems: 1 } })],
    ['is held and does not tell why', atRest({ status: { kind: 'held' } })],
    ['sends nothing', atRest({ status: { kind: 'sending', files: 0 } })],
    [
      'is up to date with something dropped that waits',
      atRest({ drops: { ...NO_DROPS, counts: { ...NO_DROPS.counts, waiting: 1 } } }),
    ],
    [
      'has sent more of a dropped file than there is',
      atRest({ status: { kind: 'sending', files: 1 }, drops: { ...NO_DROPS, rows: [{ ...row, sentBytes: 3 }] } }),
    ],
    [
      'has sent more than there is',
      atRest({ status: { kind: 'sending', files: 1 } }, { sending: [{ ...row, sentBytes: 3 }], sendingCount: 1 }),
    ],
  ])('notices one that %s', async (_what, snapshot) => {
    const { witness } = await begin()
    noteSnapshot(witness, snapshot)
    noteSnapshot(witness, snapshot)
    expect(new Set(witness.lies).size).toBe(witness.lies.length)
    expect(() => assertAlways(witness)).toThrow('I13: a snapshot said')
  })
})

describe('I14', () => {
  it.each(['paused', 'offline', 'held'])('notices a write of a folder that has been %s for a while', async (kind) => {
    const { witness, upload } = await begin()
    witness.noteSnapshot(saying('sending'))
    witness.said.push({ at: Date.now() - 10_000, prefix: 'docs/', status: 'up-to-date', isAsked: false })
    witness.said.push({ at: Date.now() - 5000, prefix: 'docs/', status: kind as never, isAsked: false })
    witness.said.shift()
    await upload('b', 'b')
    expect(stoppedFoldersSendNothing(witness)).not.toEqual([])
  })

  it.each([
    ['notices a write between two answers that both say so', 'paused', true],
    ['says nothing of a write before an answer that says something else', 'sending', false],
  ])('%s', async (_what, kind, isNoticed) => {
    const { witness, upload } = await begin()
    for (const minutesAgo of [3, 2, 1]) {
      witness.noteSnapshot(saying('paused'), true)
      witness.said.splice(-1, 1, ...saidAt(witness.said.slice(-1), Date.now() - minutesAgo * 60_000))
    }
    expect(witness.said).toHaveLength(2)
    await upload('b', 'b')
    witness.noteSnapshot(saying(kind), true)
    witness.said.splice(-1, 1, ...saidAt(witness.said.slice(-1), Date.now() + 60_000))
    expect(stoppedFoldersSendNothing(witness).length > 0).toBe(isNoticed)
  })

  it('allows what is on its way, and what comes after', async () => {
    const { witness, upload } = await begin()
    witness.noteSnapshot(saying('paused'))
    await upload('b', 'b')
    witness.noteSnapshot(saying('up-to-date'))
    await upload('b', 'b')
    expect(stoppedFoldersSendNothing(witness)).toEqual([])
  })
})

describe('I17', () => {
  it('notices rules that nobody asked for, and allows those of a prefix with a setting', async () => {
    const { client, bucketId, witness } = await begin()
    const rule = (fileNamePrefix: string) => ({ fileNamePrefix, daysFromHidingToDeleting: 7 })
    const set = (...prefixes: readonly string[]) =>
      client.call('update_bucket', { accountId: client.accountId, bucketId, lifecycleRules: prefixes.map(rule) })
    witness.ruledPrefixes.add('docs/')
    await set('docs/')
    expect(lifecycleChangesOnlyOnDemand(witness)).toEqual([])
    await set('docs/', 'other/')
    expect(lifecycleChangesOnlyOnDemand(witness)).not.toEqual([])
  })
})
