import { mkdirSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { AbsolutePath, FolderId, JobId, UnixMs } from '../../../shared/ids.ts'
import { DEFAULT_FOLDER_SETTINGS, type DeletionPolicy, type SyncFolder } from '../../../shared/model/folder.ts'
import { BUCKET, MODIFIED, startB2Bench, type B2Bench } from '../../../test/support/b2-bench.ts'
import { anEntry, relative } from '../../../test/support/state-bench.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import type { B2Client } from '../b2/client.ts'
import type { Job } from '../model/job.ts'
import type { RootVerdict } from '../scan/root-check.ts'
import { runRemove, type RemoveInput } from './remove.ts'

let home: string
let root: AbsolutePath
let b2Bench: B2Bench
let b2: B2Client
let folder: SyncFolder
let announced: number

beforeEach(async () => {
  announced = 0
  home = tempFolder()
  root = join(home, 'root') as AbsolutePath
  mkdirSync(root)
  b2Bench = await startB2Bench()
  onTestFinished(() => b2Bench.close())
  b2 = b2Bench.connect()
  folder = {
    folderId: 1 as FolderId,
    root,
    bucketId: b2Bench.bucketId,
    bucketName: BUCKET,
    bucketType: 'allPrivate',
    prefix: 'p/',
    settings: DEFAULT_FOLDER_SETTINGS,
  }
})

const missing: RootVerdict = { kind: 'held', code: 'root_missing' }
const here = (): RootVerdict => {
  const { dev, ino } = statSync(root)
  return { kind: 'ok', identity: { dev, ino, markerId: null }, isAnother: false }
}
const aJob = (path: string, kind: 'hide' | 'delete'): Job => ({
  jobId: 1 as JobId,
  folderId: folder.folderId,
  path: relative(path),
  kind,
  lane: 'server',
  sizeBytes: 0,
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
})
const run = (path: string, kind: 'hide' | 'delete' = 'hide', more: Partial<RemoveInput> = {}) =>
  runRemove({
    job: aJob(path, kind),
    folder: { ...folder, settings: { ...folder.settings, deletionPolicy: { kind } } },
    base: anEntry(path),
    checkRoot: here,
    onHiding: () => (announced += 1),
    b2,
    signal: new AbortController().signal,
    ...more,
  })
const upload = (path: string, content = path) => b2.uploadFile(b2Bench.anUpload(`p/${path}`, content))
const write = (path: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), path)
}
const visible = () => b2Bench.emulator.listVisible(BUCKET).map(({ fileName }) => fileName)
const versions = () => b2Bench.emulator.fileVersions(BUCKET).map(({ fileName, action }) => `${action} ${fileName}`)
/** What is agreed on where the newest upload of the name is ours. */
const newest = (path: string) => {
  const found = b2Bench.emulator
    .fileVersions(BUCKET)
    .find(({ fileName, action }) => fileName === `p/${path}` && action === 'upload')
  return { ...anEntry(path), fileId: String(found?.fileId) }
}
const removals = () => b2Bench.countOf('hide_file') + b2Bench.countOf('delete_file_version')
const refusal = (code: string) => expect.objectContaining({ code }) as Error

describe('a name whose file is gone', () => {
  it('is hidden, and its versions stay', async () => {
    await upload('dir/a')
    const onHiding = () => expect(visible()).toEqual(['p/dir/a'])
    expect(await run('dir/a', 'hide', { onHiding })).toEqual({ kind: 'hidden' })
    expect(versions()).toEqual(['hide p/dir/a', 'upload p/dir/a'])
    expect.assertions(3)
  })

  it('is hidden where a directory took the place of the file', async () => {
    await upload('a')
    write('a/inside')
    expect(await run('a')).toEqual({ kind: 'hidden' })
  })

  it('that is hidden already, or never was in the bucket, is as wanted', async () => {
    await upload('a')
    await run('a')
    expect([await run('a'), await run('never')]).toEqual([{ kind: 'hidden' }, { kind: 'hidden' }])
  })

  it('that Pail did not bring into the bucket is left alone', async () => {
    await upload('a')
    expect(await run('a', 'hide', { base: undefined })).toEqual({ kind: 'needless' })
    expect(await run('a', 'delete', { base: undefined })).toEqual({ kind: 'needless' })
    expect([visible(), removals(), announced]).toEqual([['p/a'], 0, 0])
  })

  it('is deleted with every version of it and no other name, hidden first and the oldest first', async () => {
    for (const path of ['a', 'a', 'a', 'a.txt', 'ab', 'a/b']) await upload(path, `${path} ${versions().length}`)
    const ids = b2Bench.emulator
      .fileVersions(BUCKET)
      .filter(({ fileName }) => fileName === 'p/a')
      .map(({ fileId }) => fileId)
    b2Bench.emulator.clearCalls()
    const order: string[] = []
    const watched: B2Client = {
      ...b2,
      hideFile: (...args) => {
        order.push('hide')
        return b2.hideFile(...args)
      },
      deleteFileVersion: (name, fileId, options) => {
        order.push(ids.includes(fileId) ? `version ${ids.length - ids.indexOf(fileId)}` : 'hide marker')
        return b2.deleteFileVersion(name, fileId, options)
      },
    }
    expect(await run('a', 'delete', { b2: watched, base: newest('a') })).toEqual({
      kind: 'deleted',
      older: { files: 2, bytes: 6 },
    })
    expect(order).toEqual(['hide', 'version 1', 'version 2', 'version 3', 'hide marker'])
    expect(versions()).toEqual(['upload p/a.txt', 'upload p/a/b', 'upload p/ab'])
  })

  it('is only hidden where somebody else has put a newer version there', async () => {
    await upload('a', 'ours')
    const base = newest('a')
    await upload('a', 'by another program')
    expect(await run('a', 'delete', { base })).toEqual({ kind: 'hidden' })
    expect(versions()).toEqual(['hide p/a', 'upload p/a', 'upload p/a'])
  })

  it('is deleted with all its versions where they fill pages, and what is being uploaded goes on', async () => {
    const start = async () =>
      b2.startLargeFile({ bucketId: b2Bench.bucketId, fileName: 'p/a', srcLastModifiedMillis: MODIFIED })
    for (const content of ['1', '2', '3']) await upload('a', content)
    await start()
    for (const content of ['4', '5', '6']) await upload('a', content)
    const others = ['a1', 'a2', 'a3', 'a4', 'a5']
    for (const path of others) await upload(path)
    const inPages: B2Client = {
      ...b2,
      listFileVersions: (bucketId, options) => b2.listFileVersions(bucketId, { ...options, pageSize: 2 }),
    }
    expect(await run('a', 'delete', { b2: inPages, base: newest('a') })).toEqual({
      kind: 'deleted',
      older: { files: 5, bytes: 5 },
    })
    expect(versions()).toEqual(['start p/a', ...others.map((path) => `upload p/${path}`)])
    // Eight entries of its own, and a page that shows that there are no more.
    expect(b2Bench.countOf('list_file_versions')).toBe(5)
  })
})

describe('nothing is taken away', () => {
  beforeEach(() => upload('dir/a'))

  it.each<[string, string, () => void]>([
    ['a file that is there again', 'file_vanished', () => write('dir/a')],
    ['a file behind a link', 'file_vanished', () => symlinkSync(home, join(root, 'dir'))],
  ])('for %s', async (_, code, make) => {
    make()
    await expect(run('dir/a')).rejects.toEqual(refusal(code))
    await expect(run('dir/a', 'delete')).rejects.toEqual(refusal(code))
    expect([visible(), removals(), announced]).toEqual([['p/dir/a'], 0, 0])
  })

  it('while the root is in doubt, before the look at the file or after it', async () => {
    for (const verdicts of [
      [missing, here()],
      [here(), missing],
    ]) {
      await expect(run('dir/a', 'hide', { checkRoot: () => verdicts.shift() ?? here() })).rejects.toEqual(
        refusal('root_missing'),
      )
    }
    renameSync(root, join(home, 'away'))
    const verdict = { kind: 'ok', identity: { dev: 1, ino: 2, markerId: null }, isAnother: false } as const
    await expect(run('dir/a', 'hide', { checkRoot: () => verdict })).rejects.toEqual(refusal('file_vanished'))
    expect([removals(), announced]).toEqual([0, 0])
  })

  it.each<[DeletionPolicy, 'hide' | 'delete']>([
    [{ kind: 'keep' }, 'hide'],
    [{ kind: 'keep' }, 'delete'],
    [{ kind: 'hide' }, 'delete'],
    [{ kind: 'hide-then-remove', days: 5 }, 'delete'],
    [{ kind: 'delete' }, 'hide'],
  ])('under the policy %j by a plan to %s', async (deletionPolicy, kind) => {
    const other = { ...folder, settings: { ...folder.settings, deletionPolicy } }
    await expect(run('dir/a', kind, { folder: other })).rejects.toEqual(refusal('file_vanished'))
    expect([removals(), announced]).toEqual([0, 0])
  })

  it('where the directory that lacks the file is not on the drive that the file was on', async () => {
    const base = anEntry('dir/a', { fingerprint: { isOtherDevice: true } })
    await expect(run('dir/a', 'hide', { base })).rejects.toEqual(refusal('file_vanished'))
    const { dev, ino } = statSync(root)
    const elsewhere: RootVerdict = { kind: 'ok', identity: { dev: dev + 1, ino, markerId: null }, isAnother: false }
    await expect(run('dir/a', 'hide', { checkRoot: () => elsewhere })).rejects.toEqual(refusal('file_vanished'))
    expect([removals(), announced]).toEqual([0, 0])
  })
})
