import {
  appendFileSync,
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type FolderId, type JobId, type UnixMs } from '../../../shared/ids.ts'
import type { SyncFolder } from '../../../shared/model/folder.ts'
import { DEFAULT_FOLDER_SETTINGS } from '../../../shared/model/folder.ts'
import { BUCKET, startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { anEntry, entryOnDisk, relative } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { B2Client } from '../b2/client.ts'
import type { BaseEntry, KnownFile, RemoteEntry } from '../model/agreed.ts'
import type { Job } from '../model/job.ts'
import { InTurn } from '../lib/in-turn.ts'
import { Drives } from './drives.ts'
import { Slots } from '../lib/slots.ts'
import { runUpload, type Known, type UploadRequest } from './upload.ts'

/** More than is read at once. */
const LARGE = 'x'.repeat(1024 * 1024 + 1)

let b2Bench: B2Bench
let b2: B2Client
let folder: SyncFolder

beforeEach(async () => {
  b2Bench = await startB2Bench()
  onTestFinished(() => b2Bench.close())
  b2 = b2Bench.connect()
  folder = {
    folderId: 1 as FolderId,
    root: tempFolder(),
    bucketId: b2Bench.bucketId,
    bucketName: BUCKET,
    bucketType: 'allPrivate',
    prefix: 'p/',
    settings: DEFAULT_FOLDER_SETTINGS,
  }
})

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder.root, path)), { recursive: true })
  writeFileSync(join(folder.root, path), content)
}
const onDisk = (path: string) => join(folder.root, path)
function writeAt(path: string, at: number): void {
  const fd = openSync(onDisk(path), 'r+')
  writeSync(fd, '!', at)
  closeSync(fd)
}

function aJob(path: string, more: Partial<Job> = {}): Job {
  return {
    jobId: 1 as JobId,
    folderId: folder.folderId,
    path: relative(path),
    kind: 'upload',
    lane: 'small',
    sizeBytes: 1,
    from: null,
    revision: 1,
    isUncertain: false,
    isAsked: false,
    isPutOff: false,
    attempts: 0,
    notBefore: 0 as UnixMs,
    code: null,
    details: {},
    failingSince: null,
    isStuck: false,
    ...more,
  }
}

const slots = new Slots(4)

/** Nothing is known; `files` stands for what the folders agree on. */
function knowing(more: Partial<Known> = {}, files: readonly KnownFile[] = []): Known {
  return {
    base: undefined,
    remote: undefined,
    markerId: 'marker',
    hasSize: (sizeBytes) => files.some((file) => file.fingerprint.sizeBytes === sizeBytes),
    listSameContent: (sizeBytes, sha1) =>
      files
        .filter((file) => file.fingerprint.sizeBytes === sizeBytes && file.sha1 === sha1)
        .map(({ fileId }) => fileId),
    isRestless: false,
    isPassedLoss: false,
    large: {
      begun: undefined,
      content: undefined,
      onBegun: () => undefined,
      onWrongHash: () => undefined,
      takeSlot: (signal) => slots.take(signal),
      takeCopySlot: (signal) => slots.take(signal),
    },
    isApprovedOverwrite: () => false,
    ...more,
  }
}
/** Something happens right after the fingerprint was taken: then what is known is asked for. */
function whileReading(known: Known, change: () => void): Known {
  let hasHappened = false
  return {
    ...known,
    get base() {
      if (!hasHappened) change()
      hasHappened = true
      return known.base
    },
  }
}
const run = (job: Job, known: Known = knowing(), more: Partial<UploadRequest> = {}) =>
  runUpload({
    job,
    folder,
    know: () => known,
    links: new InTurn(),
    b2,
    drives: new Drives(b2Bench.clock),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onPhase: () => undefined,
    ...more,
  })

/** A version in the bucket, as a listing tells it. */
async function inBucket(path: string, content: string, more: Partial<RemoteEntry> = {}): Promise<RemoteEntry> {
  const { fileId, uploadTimestamp } = await b2.uploadFile(b2Bench.anUpload(`p/${path}`, content))
  b2Bench.emulator.clearCalls()
  const uploadedAt = uploadTimestamp as UnixMs
  const { sha1 } = anEntry(path, { content })
  return { path: relative(path), fileId, sha1, sizeBytes: content.length, uploadedAt, isOurs: false, ...more }
}
const agreed = (path: string, content: string, fileId: string): BaseEntry => ({ ...anEntry(path, { content }), fileId })
const known = (path: string, content: string, fileId: string): KnownFile => ({
  ...agreed(path, content, fileId),
  folderId: folder.folderId,
})
const refusal = (code: string, details?: object) =>
  expect.objectContaining({ code, ...(details !== undefined && { details }) }) as Error
const text = async (path: string) => (await b2Bench.emulator.readFile(BUCKET, `p/${path}`)).toString()
const versions = () => b2Bench.emulator.fileVersions(BUCKET).map(({ fileName, action }) => `${action} ${fileName}`)
const infoOf = (path: string) =>
  b2Bench.emulator.fileVersions(BUCKET).find(({ fileName }) => fileName === `p/${path}`)?.fileInfo
/** How often bytes were sent, and copies made on the server. */
const sent = () => [b2Bench.countOf('upload_file'), b2Bench.countOf('copy_file')]

describe.each([
  ['a small file', 'abc'],
  // Read at once as well, but not in the event loop.
  ['a file of some kilobytes', 'x'.repeat(100_000)],
  ['a larger file', LARGE],
])('%s', (_, content) => {
  it('is sent with its time and the mark of its root, and is agreed on as it was read', async () => {
    write('dir/a', content)
    utimesSync(onDisk('dir/a'), 1000, 1234.5678)
    const outcome = await run(aJob('dir/a', { sizeBytes: content.length }))
    const [version] = b2Bench.emulator.fileVersions(BUCKET)
    expect(outcome).toEqual({
      kind: 'uploaded',
      entry: { ...entryOnDisk(folder.root, 'dir/a', content), fileId: version?.fileId },
      uploadedAt: version?.uploadTimestamp,
    })
    expect(infoOf('dir/a')).toEqual({ src_last_modified_millis: '1234567', pail_root: 'marker' })
    expect(await text('dir/a')).toBe(content)
  })

  it('carries no mark where the root has none', async () => {
    write('a', content)
    await run(aJob('a'), knowing({ markerId: null }))
    expect(infoOf('a')).not.toHaveProperty('pail_root')
  })

  it('is not sent where it is as agreed', async () => {
    write('a', content)
    const base = entryOnDisk(folder.root, 'a', content)
    expect(await run(aJob('a'), knowing({ base }))).toEqual({ kind: 'needless' })
    expect(sent()).toEqual([0, 0])
  })

  it('is adopted where the bucket holds the same content, whoever sent that', async () => {
    write('a', content)
    const remote = await inBucket('a', content)
    expect(await run(aJob('a'), knowing({ remote }))).toEqual({
      kind: 'adopted',
      entry: { ...entryOnDisk(folder.root, 'a', content), fileId: remote.fileId },
      uploadedAt: remote.uploadedAt,
    })
    const base = agreed('a', content, remote.fileId)
    expect((await run(aJob('a'), knowing({ base, remote }))).kind).toBe('touched')
    expect(sent()).toEqual([0, 0])
  })

  it('does not replace what somebody else sent, unless a person lets exactly that version be replaced', async () => {
    write('a', content)
    const remote = await inBucket('a', `not ${content}`)
    const refused = refusal('would_overwrite')
    await expect(run(aJob('a'), knowing({ remote }))).rejects.toEqual(refused)
    // Of a version whose hash nobody knows, nothing else can be said either.
    const unknown = { ...remote, sizeBytes: content.length, sha1: null }
    await expect(run(aJob('a'), knowing({ remote: unknown }))).rejects.toEqual(refused)
    const isApprovedOverwrite: Known['isApprovedOverwrite'] = (path, fileId) => path === 'a' && fileId === remote.fileId
    const other = { ...remote, fileId: 'another' }
    await expect(run(aJob('a'), knowing({ remote: other, isApprovedOverwrite }))).rejects.toEqual(refused)
    // What both sides once agreed on is another version.
    const base = agreed('a', 'older', 'older')
    await expect(run(aJob('a'), knowing({ remote, base }))).rejects.toEqual(refused)
    expect([sent(), versions()]).toEqual([[0, 0], ['upload p/a']])
    expect((await run(aJob('a'), knowing({ remote, isApprovedOverwrite }))).kind).toBe('uploaded')
    expect(await text('a')).toBe(content)
  })

  it('replaces what was sent from here, by this run or an earlier one', async () => {
    write('a', content)
    const remote = await inBucket('a', 'older', { isOurs: true })
    expect((await run(aJob('a'), knowing({ remote }))).kind).toBe('uploaded')
    const base = agreed('a', 'older', remote.fileId)
    expect((await run(aJob('a'), knowing({ base, remote: { ...remote, isOurs: false } }))).kind).toBe('uploaded')
  })

  it('is copied on the server from another name of the same content, with its own time', async () => {
    write('new', content)
    utimesSync(onDisk('new'), 1000, 2000)
    const { fileId, sha1 } = await inBucket('old', content)
    const from = { folderId: folder.folderId, path: relative('old'), fileId, sha1: sha1 ?? anEntry('x').sha1 }
    const outcome = await run(aJob('new', { kind: 'copy', sizeBytes: 0, from }))
    const [copy] = b2Bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === 'p/new')
    expect(outcome).toEqual({
      kind: 'copied',
      entry: { ...entryOnDisk(folder.root, 'new', content), fileId: copy?.fileId },
      uploadedAt: copy?.uploadTimestamp,
    })
    expect([sent(), await text('new')]).toEqual([[0, 1], content])
    expect(infoOf('new')).toEqual({
      src_last_modified_millis: '2000000',
      pail_root: 'marker',
      ...(content.length > 1_048_576 && { large_file_sha1: sha1 }),
    })
  })

  it('tells what is done with it: it is read where B2 may hold it, then copied or sent', async () => {
    const phasesOf = async (path: string, more: Known): Promise<readonly string[]> => {
      const phases: string[] = []
      write(path, content)
      await run(aJob(path, { sizeBytes: content.length }), more, { onPhase: (phase) => phases.push(phase) })
      return phases
    }
    const isReadFirst = content === LARGE ? ['hashing'] : []
    expect(await phasesOf('sent', knowing())).toEqual(['sending'])
    const { fileId } = await inBucket('held', content)
    const files = [known('held', content, fileId)]
    expect(await phasesOf('copied', knowing({}, files))).toEqual([...isReadFirst, 'copying'])
    expect(await phasesOf('gone', knowing({}, [known('held', content, 'no such version')]))).toEqual([
      ...isReadFirst,
      'copying',
      'sending',
    ])
  })

  it('is copied also where only its content tells that it is known', async () => {
    write('new', content)
    const { fileId } = await inBucket('old', content)
    expect((await run(aJob('new'), knowing({}, [known('old', content, fileId)]))).kind).toBe('copied')
    expect(sent()).toEqual([0, 1])
  })

  it('is copied from a further name where the version of the first is gone', async () => {
    write('new', content)
    const gone = await inBucket('gone', content)
    await b2.deleteFileVersion('p/gone', gone.fileId)
    const { fileId } = await inBucket('old', content)
    const names = [known('gone', content, gone.fileId), known('old', content, fileId)]
    expect((await run(aJob('new'), knowing({}, names))).kind).toBe('copied')
    expect(await text('new')).toBe(content)
  })

  it('is sent where the version to copy is gone, holds something else, or may not be read', async () => {
    write('new', content)
    const { fileId, sha1 } = await inBucket('old', `not ${content}`)
    const lie = [known('old', content, fileId)]
    expect((await run(aJob('new'), knowing({}, lie))).kind).toBe('uploaded')
    expect(await text('new')).toBe(content)
    await b2.deleteFileVersion('p/old', fileId)
    expect((await run(aJob('new'), knowing({}, lie))).kind).toBe('uploaded')
    const source = await inBucket('source', content)
    const key = b2Bench.emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'writeFiles'] })
    b2 = b2Bench.connect(key)
    expect((await run(aJob('new'), knowing({}, [known('source', content, source.fileId)]))).kind).toBe('uploaded')
    // What was planned to be copied has changed since.
    b2 = b2Bench.connect()
    const from = { folderId: folder.folderId, path: relative('old'), fileId, sha1: sha1 ?? anEntry('x').sha1 }
    b2Bench.emulator.clearCalls()
    expect((await run(aJob('new', { kind: 'copy', from }))).kind).toBe('uploaded')
    expect(sent()).toEqual([1, 0])
  })

  it('is copied over nothing that somebody else sent', async () => {
    write('new', content)
    const { fileId } = await inBucket('old', content)
    const remote = await inBucket('new', 'theirs')
    await expect(run(aJob('new'), knowing({ remote }, [known('old', content, fileId)]))).rejects.toEqual(
      refusal('would_overwrite'),
    )
    expect(sent()).toEqual([0, 0])
  })

  /** What happens to the file right after its fingerprint was taken. */
  it.each<[string, () => void]>([
    ['grew', () => appendFileSync(onDisk('a'), 'more')],
    ['became shorter', () => truncateSync(onDisk('a'), 1)],
    [
      'has other bytes and its old time',
      () => {
        const { atime, mtime } = statSync(onDisk('a'))
        write('a', content.replace(/^./, '!'))
        utimesSync(onDisk('a'), atime, mtime)
      },
    ],
    ['was replaced by another', () => renameSync(onDisk('other'), onDisk('a'))],
    ['was deleted', () => rmSync(onDisk('a'))],
    [
      'was replaced by a link to the same bytes',
      () => {
        renameSync(onDisk('a'), onDisk('moved'))
        symlinkSync('moved', onDisk('a'))
      },
    ],
  ])('that %s while it was read becomes no object', async (_, change) => {
    write('a', content)
    write('other', content)
    await expect(run(aJob('a'), whileReading(knowing(), change))).rejects.toEqual(refusal('file_changed_while_reading'))
    expect(versions()).toEqual([])
  })

  it('whose directory was moved while it was read becomes no object under its old name', async () => {
    write('dir/a', content)
    const moving = whileReading(knowing(), () => renameSync(onDisk('dir'), onDisk('moved')))
    await expect(run(aJob('dir/a'), moving)).rejects.toEqual(refusal('file_changed_while_reading'))
    expect(versions()).toEqual([])
  })

  it('whose directory became a link to where it went while it was read becomes no object', async () => {
    write('dir/a', content)
    const moving = whileReading(knowing(), () => {
      renameSync(onDisk('dir'), onDisk('moved'))
      symlinkSync('moved', onDisk('dir'))
    })
    await expect(run(aJob('dir/a'), moving)).rejects.toEqual(refusal('file_changed_while_reading'))
    expect(versions()).toEqual([])
  })

  it('that gets one more name while it waits for the upload of another one is sent as it is then', async () => {
    write('a', content)
    linkSync(onDisk('a'), onDisk('b'))
    const { dev, ino } = statSync(onDisk('a'))
    const keys: string[] = []
    class Links extends InTurn {
      override run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
        keys.push(key)
        linkSync(onDisk('a'), onDisk('c'))
        return super.run(key, work, signal)
      }
    }
    expect((await run(aJob('a'), knowing(), { links: new Links() })).kind).toBe('uploaded')
    expect(keys).toEqual([`${dev}:${ino}`])
  })

  it('that changes right before it is copied is not', async () => {
    write('new', content)
    const { fileId } = await inBucket('old', content)
    const changing: Known = {
      ...knowing({}, [known('old', content, fileId)]),
      listSameContent: () => {
        appendFileSync(onDisk('new'), 'more')
        return [fileId]
      },
    }
    await expect(run(aJob('new'), changing)).rejects.toEqual(refusal('file_changed_while_reading'))
    expect(sent()).toEqual([0, 0])
  })

  it('that changed while it was read is neither adopted nor copied', async () => {
    const remote = await inBucket('a', content)
    const remoteOther = await inBucket('other', content)
    for (const known of [
      knowing({ remote }),
      knowing({ remote: { ...remote, sizeBytes: 1, sha1: null, isOurs: true } }, [
        { ...agreed('other', content, remoteOther.fileId), folderId: folder.folderId },
      ]),
    ]) {
      write('a', content)
      const changing = whileReading(known, () => utimesSync(onDisk('a'), 5, 5))
      await expect(run(aJob('a'), changing)).rejects.toEqual(refusal('file_changed_while_reading'))
    }
    expect(sent()).toEqual([0, 0])
  })
})

describe('a file too large for a single copy', () => {
  it('is not begun for a version that holds something else', async () => {
    await b2Bench.close()
    const parts = { absoluteMinimumPartSize: 100_000, recommendedPartSize: 100_000 }
    b2Bench = await startB2Bench({ ...parts, maxCopyBytes: 1_000_000 })
    b2 = b2Bench.connect()
    folder = { ...folder, bucketId: b2Bench.bucketId }
    write('new', LARGE)
    const { fileId } = await inBucket('old', LARGE.replace(/^./, '!'))
    expect((await run(aJob('new'), knowing({}, [known('old', LARGE, fileId)]))).kind).toBe('uploaded')
    const counts = ['copy_file', 'get_file_info', 'copy_part', 'start_large_file'].map(b2Bench.countOf)
    expect(counts).toEqual([1, 1, 0, 1])
    expect(await text('new')).toBe(LARGE)
  })
})

describe.each(['in one piece', 'in parts'])('a larger file that never rests, sent %s', (how) => {
  const restless = (more: Partial<Known> = {}) => knowing({ isRestless: true, ...more })

  beforeEach(async () => {
    if (how === 'in one piece') return
    await b2Bench.close()
    b2Bench = await startB2Bench({ absoluteMinimumPartSize: 100_000, recommendedPartSize: 100_000 })
    b2 = b2Bench.connect()
    folder = { ...folder, bucketId: b2Bench.bucketId }
  })

  it('arrives as far as it went when it was opened, however it grows meanwhile', async () => {
    write('log', LARGE)
    const grow = () => {
      appendFileSync(onDisk('log'), 'more')
    }
    const outcome = await run(aJob('log'), whileReading(restless(), grow), { onProgress: grow })
    expect([outcome.kind, await text('log')]).toEqual(['uploaded', LARGE])
    expect(statSync(onDisk('log')).size).toBeGreaterThan(LARGE.length + 4)
    // To the next look it has changed since.
    expect('entry' in outcome && outcome.entry.fingerprint.sizeBytes).toBe(LARGE.length)
  })

  it.each(['the first of its bytes', 'the last of its bytes'])('becomes no object when %s changes', async (which) => {
    write('log', LARGE)
    let isChanged = false
    const onProgress = () => {
      if (!isChanged) writeAt('log', which === 'the first of its bytes' ? 0 : LARGE.length - 1)
      isChanged = true
    }
    await expect(run(aJob('log'), restless(), { onProgress })).rejects.toEqual(refusal('file_changed_while_reading'))
    expect([versions().filter((version) => version.startsWith('upload')), isChanged]).toEqual([[], true])
  })

  it('becomes no object when it is cut or another file takes its name', async () => {
    write('other', LARGE)
    for (const change of [
      () => {
        truncateSync(onDisk('log'), LARGE.length - 1)
      },
      () => {
        renameSync(onDisk('other'), onDisk('log'))
      },
    ]) {
      write('log', LARGE)
      const changing = whileReading(restless(), change)
      await expect(run(aJob('log'), changing)).rejects.toEqual(refusal('file_changed_while_reading'))
    }
    expect(versions().filter((version) => version.startsWith('upload'))).toEqual([])
  })
})

describe('a larger file', () => {
  it('that changes while its bytes go out becomes no object', async () => {
    write('a', LARGE)
    let changes = 0
    const onProgress = () => {
      if ((changes += 1) === 1) appendFileSync(onDisk('a'), 'more')
    }
    await expect(run(aJob('a'), knowing(), { onProgress })).rejects.toEqual(refusal('file_changed_while_reading'))
    expect([versions(), changes > 0]).toEqual([[], true])
  })
})

describe('an empty file', () => {
  it('is sent where nothing else is known, and never copied', async () => {
    write('a', '')
    const { fileId } = await inBucket('old', '')
    const outcome = await run(aJob('a', { sizeBytes: 0 }), knowing({}, [known('old', '', fileId)]))
    expect([outcome.kind, sent(), await text('a')]).toEqual(['uploaded', [1, 0], ''])
  })

  it('that had bytes when it was agreed on is sent once the safety gate has let that pass', async () => {
    write('a', '')
    const remote = await inBucket('a', 'bytes', { isOurs: true })
    const base = agreed('a', 'bytes', remote.fileId)
    await expect(run(aJob('a'), knowing({ base, remote }))).rejects.toEqual(refusal('file_changed_while_reading'))
    expect(sent()).toEqual([0, 0])
    expect((await run(aJob('a'), knowing({ base, remote, isPassedLoss: true }))).kind).toBe('uploaded')
    expect(await text('a')).toBe('')
  })

  it('that was empty when it was agreed on is sent anew like any other', async () => {
    write('a', '')
    const base = agreed('a', '', 'older')
    expect((await run(aJob('a'), knowing({ base }))).kind).toBe('uploaded')
  })

  it('replaces no bytes that nobody remembers, also if they were sent from here', async () => {
    write('a', '')
    const remote = await inBucket('a', 'bytes', { isOurs: true })
    await expect(run(aJob('a'), knowing({ remote }))).rejects.toEqual(refusal('would_overwrite'))
    const isApprovedOverwrite = () => true
    expect((await run(aJob('a'), knowing({ remote, isApprovedOverwrite }))).kind).toBe('uploaded')
  })
})

describe('what cannot be sent', () => {
  it.each<[string, () => void]>([
    ['is gone', () => undefined],
    ['became a directory', () => mkdirSync(onDisk('a'))],
    ['became a link', () => symlinkSync('elsewhere', onDisk('a'))],
  ])('and %s wants another look', async (_, make) => {
    write('elsewhere', 'x')
    make()
    await expect(run(aJob('a'))).rejects.toEqual(refusal('file_vanished'))
  })

  it('lies behind a link', async () => {
    mkdirSync(onDisk('real'))
    write('real/a', 'x')
    symlinkSync('real', onDisk('dir'))
    await expect(run(aJob('dir/a'))).rejects.toEqual(refusal('file_vanished'))
  })

  it('has a name that B2 does not take, unless it is gone anyway', async () => {
    write('line\nbreak', 'x')
    await expect(run(aJob('line\nbreak'))).rejects.toEqual(
      refusal('name_not_allowed', { reason: "it contains the control character U+000A at place 5 of the file's name" }),
    )
    await expect(run(aJob('gone\n'))).rejects.toEqual(refusal('file_vanished'))
  })

  it('is larger than B2 takes', async () => {
    write('a', '')
    truncateSync(onDisk('a'), 10_000_000_000_001)
    await expect(run(aJob('a'))).rejects.toEqual(refusal('file_too_large', { limit: '10 TB' }))
  })

  it.skipIf(hasNoPermissions)('may not be read', async () => {
    write('a', 'x')
    await asOrdinaryUser([folder.root], async () => {
      chmodSync(onDisk('a'), 0)
      await expect(run(aJob('a'))).rejects.toEqual(refusal('file_unreadable', { errno: 'EACCES' }))
    })
  })
})
