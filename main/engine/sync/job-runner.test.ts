import { linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath } from '../../../shared/ids.ts'
import { changeSettings, type DeletionPolicy, type SyncFolder } from '../../../shared/model/folder.ts'
import { BUCKET, startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import {
  anEntry,
  entryOnDisk,
  hide,
  openStateBench,
  relative,
  type StateBench,
} from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { B2Client } from '../b2/client.ts'
import type { JobAction } from '../model/action.ts'
import type { Job } from '../model/job.ts'
import { createIgnoreRules } from '../scan/ignore-rules.ts'
import { Lanes } from '../transfer/lanes.ts'
import { SettleWatch } from '../scan/settle.ts'
import type { FolderSync } from './folder-sync.ts'
import { JobRunner } from './job-runner.ts'
import { MovingFiles } from './moving-files.ts'
import { RemoteRefresh } from './remote-refresh.ts'

let root: AbsolutePath
let b2Bench: B2Bench
let b2: B2Client
let bench: StateBench
let folder: SyncFolder
let runner: JobRunner
let isFolderThere: boolean
let ignored: string | null

beforeEach(async () => {
  root = join(tempFolder(), 'root') as AbsolutePath
  mkdirSync(root)
  b2Bench = await startB2Bench()
  onTestFinished(() => b2Bench.close())
  b2 = b2Bench.connect()
  bench = openStateBench()
  folder = { ...bench.addFolder(root, 'p/'), bucketId: b2Bench.bucketId }
  isFolderThere = true
  ignored = null
  bench.state.transaction(() => {
    bench.state.folders.setIdentity(folder.folderId, { dev: 1, ino: 2, markerId: 'marker' })
  })
  open()
})

/** A runner of a new run. */
function open(): void {
  const { state } = bench
  const { dev, ino } = statSync(root)
  const sync: Partial<FolderSync> = {
    get folder() {
      return folder
    },
    get rules() {
      const rules = createIgnoreRules({ settings: ignored ?? '', file: null, own: null })
      return { ...rules, preview: () => Promise.reject(new Error('nobody asks')) }
    },
    check: { filesSeen: 0, moving: new MovingFiles(), settling: new SettleWatch() },
    checkRoot: () => ({ kind: 'ok', identity: { dev, ino, markerId: null }, isAnother: false }),
  }
  runner = new JobRunner({
    state,
    remote: new RemoteRefresh({ state, clock: b2Bench.clock, onForgotten: () => undefined }),
    findFolder: () => (isFolderThere ? (sync as FolderSync) : undefined),
    client: () => Promise.resolve(b2),
    clock: b2Bench.clock,
    lanes: new Lanes({ clock: b2Bench.clock, memory: () => 0 }),
  })
}
const write = (path: string, content = path) => writeFileSync(join(root, path), content)
async function agree(path: string): Promise<void> {
  const { fileId } = await b2.uploadFile(b2Bench.anUpload(`p/${path}`, path))
  bench.agree(folder.folderId, anEntry(path, { content: path, fileId }))
}
function plan(path: string, action: JobAction = { kind: 'upload', sizeBytes: 1, reason: 'new' }): Job {
  bench.plan(folder.folderId, [path], action)
  const job = bench.state.jobs.findForPath(folder.folderId, relative(path))
  if (job === undefined) throw new Error('no job')
  return job
}
const run = (job: Job) =>
  runner.run(job, new AbortController().signal, { onProgress: () => undefined, onPhase: () => undefined })
const listings = () => b2Bench.countOf('list_file_names')
const visible = () => b2Bench.emulator.listVisible(BUCKET).map(({ fileName }) => fileName)
const setPolicy = (deletionPolicy: DeletionPolicy): void => {
  folder = { ...folder, settings: changeSettings(folder.settings, { deletionPolicy }) }
}

describe('a job', () => {
  it('of a folder that is gone has nothing to do', async () => {
    isFolderThere = false
    expect(await run(plan('a'))).toEqual({ kind: 'needless' })
  })

  it('of what is ignored by now neither sends nor hides anything', async () => {
    await agree('gone')
    write('secret')
    const before = b2Bench.emulator.fileVersions(BUCKET).length
    const jobs = [plan('secret'), plan('gone', hide)]
    ignored = 'secret\ngone\n'
    for (const job of jobs) expect(await run(job)).toEqual({ kind: 'needless' })
    expect(b2Bench.emulator.fileVersions(BUCKET)).toHaveLength(before)
    ignored = null
    for (const job of jobs) expect((await run(job)).kind).not.toBe('needless')
  })

  it('of what is ignored by now still finds out what became of a try whose end is not known', async () => {
    const { fileId } = await b2.uploadFile(
      b2Bench.anUpload('p/secret', 'secret', { fileInfo: { pail_root: 'marker' } }),
    )
    write('secret')
    const job = { ...plan('secret'), isUncertain: true }
    ignored = 'secret'
    expect(await run(job)).toEqual({ kind: 'needless' })
    expect(bench.state.remote.find(folder.folderId, relative('secret'))).toMatchObject({ fileId })
    expect(b2Bench.countOf('upload_file')).toBe(1)
  })

  it('hides nothing that is still to be copied', async () => {
    await agree('old')
    const { fileId } = bench.state.base.find(folder.folderId, relative('old')) ?? { fileId: '' }
    const job = plan('old', hide)
    const from = { folderId: folder.folderId, path: relative('old'), fileId, sha1: anEntry('old').sha1 }
    const copy = plan('new', { kind: 'copy', from, reason: 'same-file' })
    expect(await run(job)).toEqual({ kind: 'needless' })
    bench.state.transaction(() => bench.state.jobs.complete(copy))
    expect((await run(job)).kind).toBe('hidden')
  })

  it('hides nothing before the small files that are on their way have arrived, also where one of them fails', async () => {
    await agree('old')
    write('new')
    write('refused')
    const [sent, refused, gone] = [plan('new'), plan('refused'), plan('old', hide)]
    b2Bench.emulator.setLatency(20)
    b2Bench.emulator.failNext('upload_file', { status: 400, code: 'never_heard_of' })
    const ends = await Promise.allSettled([sent, refused, gone].map(run))
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    const order = b2Bench.emulator.calls
      .map(({ operation }) => operation)
      .filter((name) => /^(upload|hide)_file/.test(name))
    expect(order.slice(-3)).toEqual(['upload_file', 'upload_file', 'hide_file'])
  })

  it('hides nothing whose content is still to be copied under another name', async () => {
    await agree('old')
    const { sha1, fileId } = bench.state.base.find(folder.folderId, relative('old')) ?? anEntry('old')
    const job = plan('old', hide)
    const from = { folderId: folder.folderId, path: relative('middle'), fileId, sha1 }
    const copy = plan('new', { kind: 'copy', from, reason: 'same-file' })
    expect(await run(job)).toEqual({ kind: 'needless' })
    bench.state.transaction(() => bench.state.jobs.complete(copy))
    expect((await run(job)).kind).toBe('hidden')
  })

  it('is run when the bucket is known: listed once, and asked about one name where the last try’s end is not', async () => {
    write('a')
    write('b')
    await run(plan('a'))
    await run(plan('b'))
    expect(listings()).toBe(1)
    const { fileId } = await b2.uploadFile(b2Bench.anUpload('p/c', 'c'))
    write('c')
    expect(await run({ ...plan('c'), isUncertain: true })).toMatchObject({ kind: 'adopted', entry: { fileId } })
    expect(listings()).toBe(2)
  })

  it('whose last try’s end is not known agrees on what that has brought, where the file is gone or changes by now', async () => {
    const upload = async (path: string, fileInfo: Readonly<Record<string, string>>) => {
      const { fileId } = await b2.uploadFile(b2Bench.anUpload(`p/${path}`, path, { fileInfo }))
      return fileId
    }
    const base = (path: string) => bench.state.base.find(folder.folderId, relative(path))
    const fileId = await upload('ours', { pail_root: 'marker' })
    await upload('theirs', {})
    await upload('changed', { pail_root: 'marker' })
    write('changed', 'another content')
    await agree('agreed')
    const replaced = await upload('replaced', { pail_root: 'marker' })
    mkdirSync(join(root, 'replaced'))
    for (const path of ['ours', 'replaced', 'theirs', 'agreed', 'never']) {
      await expect(run({ ...plan(path), isUncertain: true })).rejects.toMatchObject({ code: 'file_vanished' })
    }
    await run({ ...plan('changed'), isUncertain: true })
    expect(base('ours')).toMatchObject({ fileId, sha1: anEntry('ours', { content: 'ours' }).sha1 })
    expect(base('replaced')).toMatchObject({ fileId: replaced })
    expect(['theirs', 'changed', 'never'].map(base)).toEqual([undefined, undefined, undefined])
    expect(base('agreed')?.fingerprint.mtimeMs).toBe(1.5)
    // One whose end is known asks nothing.
    await upload('certain', { pail_root: 'marker' })
    await expect(run(plan('certain'))).rejects.toMatchObject({ code: 'file_vanished' })
    expect(base('certain')).toBeUndefined()
  })

  it('marks what it sends with the root’s id', async () => {
    write('a')
    await run(plan('a'))
    expect(b2Bench.emulator.fileVersions(BUCKET)[0]?.fileInfo).toMatchObject({ pail_root: 'marker' })
  })

  it('knows what was agreed on, what the bucket holds, and what a person has decided', async () => {
    await b2.uploadFile(b2Bench.anUpload('p/a', 'theirs'))
    write('a', 'mine')
    await expect(run(plan('a'))).rejects.toMatchObject({ code: 'would_overwrite' })
    const fileId = bench.state.remote.find(folder.folderId, relative('a'))?.fileId ?? ''
    bench.state.approveOverwrites(folder.folderId, [{ path: relative('a'), fileId }])
    expect((await run(plan('a'))).kind).toBe('uploaded')
    write('same', 'x')
    bench.agree(folder.folderId, entryOnDisk(root, 'same', 'x'))
    expect(await run(plan('same'))).toEqual({ kind: 'needless' })
  })

  it('sends what was emptied once that has passed the gate, and not before', async () => {
    await agree('a')
    write('a', '')
    const job = plan('a')
    bench.lose(folder.folderId, ['a'], 0, 'emptied')
    await expect(run(job)).rejects.toMatchObject({ code: 'file_changed_while_reading' })
    bench.state.transaction(() => bench.state.losses.setPass(folder.folderId, relative('a'), 'elsewhere'))
    expect((await run(job)).kind).toBe('uploaded')
  })

  it('sends a file with several names once, and copies it to the others', async () => {
    write('one', 'content')
    linkSync(join(root, 'one'), join(root, 'two'))
    linkSync(join(root, 'one'), join(root, 'three'))
    const jobs = ['one', 'two', 'three'].map((path) => plan(path))
    const outcomes = await Promise.all(
      jobs.map(async (job) => {
        const outcome = await run(job)
        if (outcome.kind === 'uploaded' || outcome.kind === 'copied') {
          bench.state.commitUpload(job, outcome.entry, outcome.uploadedAt, outcome.kind, outcome.uploadedAt)
        }
        return outcome.kind
      }),
    )
    expect(outcomes.sort()).toEqual(['copied', 'copied', 'uploaded'])
    expect([b2Bench.countOf('upload_file'), visible()]).toEqual([1, ['p/one', 'p/three', 'p/two']])
  })
})

describe('a hide', () => {
  it('waits until the bucket was listed in this run, however fresh what is known may be', async () => {
    await agree('a')
    await agree('b')
    await run(plan('a', hide))
    await run(plan('b', hide))
    expect([listings(), visible()]).toEqual([1, []])
    await agree('c')
    open()
    await run(plan('c', hide))
    expect(listings()).toBe(2)
  })

  it('takes away nothing that the listing finds to be another version', async () => {
    await agree('a')
    await b2.uploadFile(b2Bench.anUpload('p/a', 'theirs'))
    expect(await run(plan('a', hide))).toEqual({ kind: 'needless' })
    expect(visible()).toEqual(['p/a'])
  })

  it('is planned anew when it was planned under another policy', async () => {
    await agree('a')
    setPolicy({ kind: 'keep' })
    await expect(run(plan('a', hide))).rejects.toMatchObject({ code: 'file_vanished' })
    expect(visible()).toEqual(['p/a'])
    setPolicy({ kind: 'delete' })
    expect(await run(plan('a', { kind: 'delete', reason: 'absent' }))).toEqual({
      kind: 'deleted',
      older: { files: 0, bytes: 0 },
    })
  })

  it('of which the end is never known leaves nothing that a file coming back is taken for', async () => {
    await agree('a')
    b2Bench.emulator.failNext('hide_file', { status: 400, code: 'bad_request' })
    await expect(run(plan('a', hide))).rejects.toThrow()
    const { base, remote } = bench.state
    expect(base.find(folder.folderId, relative('a'))).toMatchObject({ fingerprint: { ctimeMs: 0 } })
    expect(remote.find(folder.folderId, relative('a'))?.sha1).toBeNull()
  })

  it('that was begun and never carried out lets the file that is back be taken for what the bucket holds', async () => {
    await agree('a')
    b2Bench.emulator.failNext('hide_file', { status: 400, code: 'bad_request' })
    await expect(run(plan('a', hide))).rejects.toThrow()
    write('a')
    expect(await run(plan('a'))).toMatchObject({ kind: 'touched' })
    expect(b2Bench.countOf('upload_file')).toBe(1)
  })

  it('waits for a file that may be the one whose version nobody has heard of, under another name', async () => {
    await agree('a')
    // As an upload that a crash cut off.
    await b2.uploadFile(b2Bench.anUpload('p/a', 'changed', { fileInfo: { pail_root: 'marker' } }))
    write('b', 'changed')
    const upload = plan('b', { kind: 'upload', sizeBytes: 'changed'.length, reason: 'new' })
    await expect(run(plan('a', hide))).rejects.toMatchObject({ code: 'file_vanished' })
    expect(visible()).toEqual(['p/a'])
    bench.state.transaction(() => bench.state.jobs.complete(upload))
    expect(await run(plan('a', hide))).toEqual({ kind: 'hidden' })
  })

  it('of all versions goes on in the next run where it was cut off', async () => {
    setPolicy({ kind: 'delete' })
    const remove: JobAction = { kind: 'delete', reason: 'absent' }
    await agree('a')
    b2Bench.emulator.failNext('list_file_versions', { status: 400, code: 'bad_request' })
    await expect(run(plan('a', remove))).rejects.toThrow()
    expect([visible(), b2Bench.emulator.fileVersions(BUCKET)]).toMatchObject([[], [{ action: 'hide' }, {}]])
    open()
    expect(await run(plan('a', remove))).toEqual({ kind: 'deleted', older: { files: 0, bytes: 0 } })
    expect(b2Bench.emulator.fileVersions(BUCKET)).toEqual([])
  })
})
