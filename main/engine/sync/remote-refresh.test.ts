import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { FolderId } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { BUCKET, MODIFIED, startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import { connect } from '../../../test/b2-emulator/test-client.ts'
import { anEntry, openStateBench, relative, type StateBench } from '../../../test/support/state-bench.ts'
import type { B2Client } from '../b2/client.ts'
import { RemoteRefresh } from './remote-refresh.ts'

const DAY_MS = 86_400_000
const MARKER = 'ours'
const never = new AbortController().signal

let b2Bench: B2Bench
let b2: B2Client
let bench: StateBench
let folder: SyncFolder
let refresh: RemoteRefresh
let forgotten: FolderId[]

beforeEach(async () => {
  b2Bench = await startB2Bench()
  onTestFinished(() => b2Bench.close())
  b2 = b2Bench.connect()
  bench = openStateBench()
  folder = { ...bench.addFolder('/root', 'p/'), bucketId: b2Bench.bucketId }
  bench.state.transaction(() => {
    bench.state.folders.setIdentity(folder.folderId, { dev: 1, ino: 2, markerId: MARKER })
  })
  forgotten = []
  refresh = open()
})

const open = () =>
  new RemoteRefresh({ state: bench.state, clock: b2Bench.clock, onForgotten: (id) => forgotten.push(id) })
const remote = (path: string) => bench.state.remote.find(folder.folderId, relative(path))
const base = (path: string) => bench.state.base.find(folder.folderId, relative(path))
const listings = () => b2Bench.countOf('list_file_names')
const ensureKnown = () => refresh.ensureKnown(folder, b2, never)

async function upload(fileName: string, content = fileName, fileInfo: Readonly<Record<string, string>> = {}) {
  return b2.uploadFile(b2Bench.anUpload(fileName, content, { fileInfo }))
}
/** Both sides agree on a file that is in the bucket. */
async function agree(path: string): Promise<void> {
  const { fileId } = await upload(`p/${path}`)
  bench.agree(folder.folderId, anEntry(path, { content: `p/${path}`, fileId }))
}

describe('what is known of the bucket', () => {
  it('is what is visible below the prefix, and whose that is', async () => {
    const mine = await upload('p/dir/mine', 'abc', { pail_root: MARKER })
    await upload('p/theirs', 'x', { pail_root: 'another root' })
    await upload('p/nobodys', 'y')
    await upload('p/hidden')
    await b2.hideFile(b2Bench.bucketId, 'p/hidden')
    // Other programs keep "folders" as files.
    await (await connect(b2Bench.emulator)).upload(BUCKET, 'p/', '')
    await upload('q/outside')
    await ensureKnown()
    expect(remote('dir/mine')).toEqual({
      path: 'dir/mine',
      fileId: mine.fileId,
      sha1: anEntry('x', { content: 'abc' }).sha1,
      sizeBytes: 3,
      uploadedAt: mine.uploadTimestamp,
      isOurs: true,
    })
    expect(['theirs', 'nobodys'].map((path) => remote(path)?.isOurs)).toEqual([false, false])
    expect(['hidden', 'outside', '../q/outside'].map(remote)).toEqual([undefined, undefined, undefined])
    expect(remote('')).toBeUndefined()
    expect([refresh.isKnown(folder.folderId), refresh.isStale(folder.folderId)]).toEqual([true, false])
  })

  it('is not what was made for links, but where the folder itself lies in a place that is called so', async () => {
    await upload('p/.pail-shares/x/copy')
    await upload('p/file')
    await ensureKnown()
    expect(['.pail-shares/x/copy', 'file'].map((path) => remote(path)?.path)).toEqual([undefined, 'file'])
    const { folderId } = bench.addFolder('/other', '.pail-shares/mine/')
    const other = { ...folder, folderId, prefix: '.pail-shares/mine/' }
    await upload('.pail-shares/mine/file')
    await refresh.ensureKnown(other, b2, never)
    expect(bench.state.remote.find(folderId, relative('file'))).toBeDefined()
  })

  it('does not take for ours what has no marker where the root has none either', async () => {
    bench.state.transaction(() => {
      bench.state.folders.setIdentity(folder.folderId, { dev: 1, ino: 2, markerId: null })
    })
    await upload('p/a')
    await ensureKnown()
    expect(remote('a')?.isOurs).toBe(false)
  })

  it('has the hash that the sender of a large file left, or none', async () => {
    const sha1 = 'b'.repeat(40)
    const startLarge = async (fileName: string, fileInfo: Readonly<Record<string, string>>) => {
      const { fileId } = await b2.startLargeFile({
        bucketId: b2Bench.bucketId,
        fileName,
        fileInfo,
        srcLastModifiedMillis: MODIFIED,
      })
      const content = Buffer.alloc(5_000_000)
      const parts = await Promise.all(
        [1, 2].map((partNumber) =>
          b2.uploadPart({
            fileId,
            partNumber,
            contentLength: content.length,
            makeBody: async function* () {
              yield content
            },
          }),
        ),
      )
      await b2.finishLargeFile(
        { bucketId: b2Bench.bucketId, fileName, fileId },
        parts.map((part) => part.contentSha1),
      )
    }
    await startLarge('p/with', { large_file_sha1: sha1 })
    await startLarge('p/without', {})
    await ensureKnown()
    expect([remote('with')?.sha1, remote('without')?.sha1]).toEqual([sha1, null])
  })

  it('is asked for once a day, also over a restart, and when the clock was set back', async () => {
    await ensureKnown()
    b2Bench.clock.advance(DAY_MS)
    await ensureKnown()
    refresh = open()
    await ensureKnown()
    expect([listings(), refresh.isStale(folder.folderId)]).toEqual([1, false])
    b2Bench.clock.advance(1)
    expect(refresh.isStale(folder.folderId)).toBe(true)
    await ensureKnown()
    expect(listings()).toBe(2)
    b2Bench.clock.advance(-DAY_MS - 1)
    expect(refresh.isStale(folder.folderId)).toBe(true)
    b2Bench.clock.advance(1)
    expect(refresh.isStale(folder.folderId)).toBe(false)
  })

  it('is asked for again when somebody wants that', async () => {
    await ensureKnown()
    refresh.forget(folder.folderId)
    expect([refresh.isKnown(folder.folderId), refresh.isStale(folder.folderId)]).toEqual([false, true])
    await ensureKnown()
    await refresh.ensureListedInThisRun(folder, b2, never)
    expect(listings()).toBe(2)
    refresh.forget(folder.folderId)
    await refresh.ensureListedInThisRun(folder, b2, never)
    expect(listings()).toBe(3)
  })

  it('counts for hides only when it is of this run', async () => {
    await ensureKnown()
    await refresh.ensureListedInThisRun(folder, b2, never)
    expect(listings()).toBe(1)
    refresh = open()
    await ensureKnown()
    expect(listings()).toBe(1)
    await refresh.ensureListedInThisRun(folder, b2, never)
    await refresh.ensureListedInThisRun(folder, b2, never)
    expect(listings()).toBe(2)
  })

  it('is asked for once by all who need it at the same time', async () => {
    await Promise.all([
      ensureKnown(),
      ensureKnown(),
      refresh.ensureListedInThisRun(folder, b2, never),
      refresh.ensureListedInThisRun(folder, b2, never),
    ])
    expect(listings()).toBe(1)
  })
})

describe('a listing', () => {
  it('takes back what was agreed on where the bucket holds another version or none, and says so', async () => {
    await Promise.all(['same', 'replaced', 'hidden', 'deleted'].map(agree))
    const { fileId: theirs } = await upload('p/replaced', 'by somebody else')
    await b2.hideFile(b2Bench.bucketId, 'p/hidden')
    await b2.deleteFileVersion('p/deleted', base('deleted')?.fileId ?? '')
    await ensureKnown()
    expect(['same', 'replaced', 'hidden', 'deleted'].filter(base)).toEqual(['same'])
    expect([remote('replaced')?.fileId, remote('hidden'), remote('deleted')]).toEqual([theirs, undefined, undefined])
    expect(forgotten).toEqual([folder.folderId])
  })

  it('that finds all as agreed says nothing', async () => {
    await agree('same')
    await ensureKnown()
    expect(forgotten).toEqual([])
  })

  it('that breaks off forgets nothing, is not taken for complete, and is made again', async () => {
    await Promise.all(['a', 'y', 'z'].map(agree))
    await upload('p/b')
    await upload('p/x')
    await b2.hideFile(b2Bench.bucketId, 'p/a')
    const inPages: B2Client = {
      ...b2,
      listFileNames: (bucketId, options) => b2.listFileNames(bucketId, { ...options, pageSize: 1 }),
    }
    b2Bench.emulator.failNext('list_file_names', { status: 401, code: 'unauthorized', skip: 1, count: 1 })
    await expect(refresh.ensureKnown(folder, inPages, never)).rejects.toThrow()
    expect([base('a'), remote('a'), base('z'), remote('z')].every((one) => one !== undefined)).toBe(true)
    expect([remote('b')?.path, remote('x'), refresh.isKnown(folder.folderId)]).toEqual(['b', undefined, false])
    await refresh.ensureListedInThisRun(folder, inPages, never)
    expect([base('a'), remote('a'), remote('x')?.path]).toEqual([undefined, undefined, 'x'])
    expect([base('y'), base('z')].every((one) => one !== undefined)).toBe(true)
  })

  it('says nothing of another place in the bucket where the folder goes on meanwhile', async () => {
    await agree('a')
    await upload('p/b')
    b2Bench.emulator.setLatency(50)
    const listing = ensureKnown()
    await expect.poll(() => b2Bench.emulator.inFlight).toBe(1)
    bench.state.movePrefix(folder.folderId, 'q/', b2Bench.clock.now())
    await expect(listing).rejects.toThrow()
    expect([remote('b'), refresh.isKnown(folder.folderId)]).toEqual([undefined, false])
    await upload('q/c')
    await refresh.ensureKnown({ ...folder, prefix: 'q/' }, b2, never)
    expect([remote('b'), remote('c')?.path]).toEqual([undefined, 'c'])
  })

  it('that is stopped forgets nothing either', async () => {
    await agree('a')
    await b2.hideFile(b2Bench.bucketId, 'p/a')
    const abort = new AbortController()
    b2Bench.emulator.failNext('list_file_names', { kind: 'stall-before' })
    const listing = refresh.ensureKnown(folder, b2, abort.signal)
    await expect.poll(() => b2Bench.emulator.inFlight).toBe(1)
    abort.abort()
    await expect(listing).rejects.toThrow()
    expect(base('a')).toBeDefined()
    await ensureKnown()
    expect(base('a')).toBeUndefined()
  })
})

describe('the listing of the day', () => {
  const HALF_HOUR_MS = 1_800_000
  const WEEK_MS = 7 * DAY_MS
  const versions = () => b2Bench.countOf('list_file_versions')
  const refreshAll = () => refresh.refresh(folder, b2, never)
  const stored = () => bench.state.stored.of(folder.folderId)
  const isDueAfter = (ms: number): boolean => {
    b2Bench.clock.advance(ms)
    return refresh.isDue(folder.folderId)
  }

  it('is one of all versions, but never the first one, which a sync waits for', async () => {
    await upload('p/a', 'old')
    await upload('p/a', 'newer')
    await upload('p/hidden', 'hidden')
    await b2.hideFile(b2Bench.bucketId, 'p/hidden')
    await refreshAll()
    expect([listings(), versions(), stored().countedAt]).toEqual([1, 0, null])
    expect(stored()).toMatchObject({ current: { files: 1, bytes: 5 }, old: { files: 0, bytes: 0 } })
    expect([isDueAfter(HALF_HOUR_MS), isDueAfter(1)]).toEqual([false, true])
    await refreshAll()
    expect([listings(), versions(), stored().countedAt]).toEqual([1, 1, b2Bench.clock.now()])
    expect(stored()).toMatchObject({ current: { files: 1, bytes: 5 }, old: { files: 2, bytes: 9 } })
    expect(remote('a')).toMatchObject({ sizeBytes: 5 })
    expect(remote('hidden')).toBeUndefined()
    expect([isDueAfter(DAY_MS), isDueAfter(1)]).toEqual([false, true])
    await refreshAll()
    expect([listings(), versions(), refresh.isDue(folder.folderId)]).toEqual([1, 2, false])
  })

  it('takes back what was agreed on as any other does', async () => {
    await Promise.all(['same', 'replaced', 'hidden', 'deleted'].map(agree))
    await refreshAll()
    const { fileId: theirs } = await upload('p/replaced', 'by somebody else')
    await b2.hideFile(b2Bench.bucketId, 'p/hidden')
    await b2.deleteFileVersion('p/deleted', base('deleted')?.fileId ?? '')
    b2Bench.clock.advance(DAY_MS + 1)
    await refreshAll()
    expect(['same', 'replaced', 'hidden', 'deleted'].filter(base)).toEqual(['same'])
    expect([remote('replaced')?.fileId, versions(), forgotten]).toEqual([theirs, 1, [folder.folderId]])
  })

  it('counts what B2 holds of large files that were not finished', async () => {
    const start = async (fileName: string, parts: number) => {
      const { fileId } = await b2.startLargeFile({
        bucketId: b2Bench.bucketId,
        fileName,
        fileInfo: {},
        srcLastModifiedMillis: MODIFIED,
      })
      for (let partNumber = 1; partNumber <= parts; partNumber += 1) {
        await b2.uploadPart({
          fileId,
          partNumber,
          contentLength: 1000,
          makeBody: async function* () {
            yield Buffer.alloc(1000)
          },
        })
      }
      return fileId
    }
    await refreshAll()
    await start('p/with two', 2)
    await start('p/with none', 0)
    await start('q/outside', 1)
    const cancelled = await start('p/cancelled meanwhile', 1)
    const cancelling: B2Client = {
      ...b2,
      listParts: async function* (fileId, options) {
        if (fileId === cancelled) await b2.cancelLargeFile(fileId)
        yield* b2.listParts(fileId, options)
      },
    }
    b2Bench.clock.advance(HALF_HOUR_MS + 1)
    await refresh.refresh(folder, cancelling, never)
    expect(stored().unfinished).toEqual({ files: 2, bytes: 2000 })
  })

  it('is one of names where most of what it would list is old, but for once a week', async () => {
    await refreshAll()
    bench.state.transaction(() => {
      bench.state.stored.setCount(
        folder.folderId,
        { old: { files: 10_001, bytes: 5 }, unfinished: [] },
        b2Bench.clock.now(),
      )
    })
    b2Bench.clock.advance(DAY_MS + 1)
    await refreshAll()
    expect([listings(), versions()]).toEqual([2, 0])
    b2Bench.clock.advance(WEEK_MS - DAY_MS)
    await refreshAll()
    expect([listings(), versions(), stored().old.files]).toEqual([2, 1, 0])
  })

  it('is shared by who needs to know what is there meanwhile', async () => {
    await refreshAll()
    b2Bench.clock.advance(DAY_MS + 1)
    await Promise.all([refreshAll(), ensureKnown(), refresh.ensureListedInThisRun(folder, b2, never)])
    expect([listings(), versions()]).toEqual([1, 1])
  })
})

describe('one name', () => {
  it('is asked for without its namesakes, and without the others being forgotten', async () => {
    await agree('a')
    await ensureKnown()
    const { fileId } = await upload('p/b', 'b', { pail_root: MARKER })
    await upload('p/c.txt')
    b2Bench.emulator.clearCalls()
    for (const path of ['b', 'c']) await refresh.refreshName(folder, relative(path), b2, never)
    expect(remote('b')).toMatchObject({ fileId, isOurs: true, sizeBytes: 1 })
    expect([remote('c'), remote('a')?.path, listings()]).toEqual([undefined, 'a', 2])
  })

  it('that is hidden or gone is known to be so', async () => {
    await agree('a')
    await b2.hideFile(b2Bench.bucketId, 'p/a')
    await upload('p/a.txt')
    await refresh.refreshName(folder, relative('a'), b2, never)
    expect([remote('a'), b2Bench.emulator.listVisible(BUCKET).length]).toEqual([undefined, 1])
  })
})
