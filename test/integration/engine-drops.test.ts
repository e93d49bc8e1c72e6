/** What is dropped on the window is sent once: durable, beside what it finds there, and still while everything is. */
import { randomBytes } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AbsolutePath } from '../../shared/ids.ts'
import type { DropRow, OnConflict } from '../../shared/model/drop.ts'
import { connect } from '../b2-emulator/test-client.ts'
import { sha1Of } from '../support/b2-bench.ts'
import { contradictions } from '../support/invariants.ts'
import { linkTo } from '../support/links.ts'
import { asOrdinaryUser, hasNoPermissions } from '../support/permissions.ts'
import { BUCKET, bucketIdOf, openBench, writeFile, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

/** B2's least size of a part here, so that files of ten of them are large. */
const PART = 100_000
const PARTS = 20

let bench: Bench
let lies: string[]
beforeEach(async () => {
  lies = []
  bench = await openBench({
    prefix: 'docs/',
    emulator: { recommendedPartSize: 10 * PART, absoluteMinimumPartSize: PART },
  })
  bench.write('first', 'the first')
  await bench.begin()
  listen()
  bench.emulator.clearCalls()
})
afterEach(async () => {
  expect(bench.emulator.violations).toEqual([])
  expect(lies).toEqual([])
  await bench.close()
})

function listen(): void {
  bench.engine.subscribe((snapshot) => lies.push(...contradictions(snapshot)))
}

const at = (name: string) => join(bench.home, 'desk', name) as AbsolutePath
const put = (name: string, content: string | Uint8Array): AbsolutePath => {
  writeFile(at(name), content)
  return at(name)
}
const drop = (paths: readonly AbsolutePath[], onConflict: OnConflict = 'keep-both', prefix = 'shared') =>
  bench.engine.api.addDrops({ paths: [...paths], bucketId: bucketIdOf(bench.emulator, BUCKET), prefix, onConflict })
const view = () => bench.engine.snapshot().drops
const rowOf = (fileName: string): DropRow | undefined => view().rows.find((row) => row.fileName === fileName)
const until = (fileName: string, phase: DropRow['phase']) =>
  waitFor(`${fileName} to be ${phase}`, () => {
    const row = rowOf(fileName)
    if (row?.phase !== phase) throw new Error(JSON.stringify(view(), null, 1))
    return row
  })
const untilAllDone = (count: number) => waitFor('all to be done', () => view().counts.done === count)
const text = async (name: string) => (await bench.emulator.readFile(BUCKET, name)).toString()
const names = (prefix = 'shared/') => bench.emulator.listVisible(BUCKET, prefix).map(({ fileName }) => fileName)
const sent = (operation: string) =>
  bench.emulator.calls.filter((call) => call.operation === operation && call.status === 200).length
const writes = () => bench.emulator.calls.filter(({ operation }) => /^(upload|start|finish|copy|hide)/.test(operation))
const unfinished = () => bench.emulator.unfinishedLargeFiles(BUCKET)
const atRest = () => waitFor('the last request to end', () => bench.emulator.inFlight === 0)

describe('dropped files', () => {
  it('are in the bucket as they are here, and a link opens one of them', async () => {
    const middle = randomBytes(1_500_000)
    await drop([put('a b.txt', 'hello'), put('middle', middle), put('empty', '')])
    await untilAllDone(3)
    expect(names()).toEqual(['shared/a b.txt', 'shared/empty', 'shared/middle'])
    expect(sha1Of(await bench.emulator.readFile(BUCKET, 'shared/middle'))).toBe(sha1Of(middle))
    const row = await until('shared/a b.txt', 'done')
    expect(row).toMatchObject({ bucketName: BUCKET, sizeBytes: 5, sentBytes: 5, wasThere: false, code: null })
    const { url } = await linkTo(bench.engine, { kind: 'object', url: `b2://${row.bucketName}/${row.fileName}` })
    expect(await (await fetch(url)).text()).toBe('hello')
    expect(bench.status()).toMatchObject({ kind: 'up-to-date', files: 1 })
    // Nobody watches it.
    appendFileSync(at('a b.txt'), ' again')
    await bench.engine.api.clearFinishedDrops(undefined)
    expect(view()).toMatchObject({ rows: [], counts: { done: 0 }, leftOut: 0 })
    expect(await text('shared/a b.txt')).toBe('hello')
  })

  it('have their place remembered, and are counted before anything is sent', async () => {
    put('dir/a', '123')
    put('dir/Thumbs.db', 'x')
    symlinkSync('a', at('dir/link'))
    const paths = [at('dir'), put('b', '4567')]
    const counts = { files: 2, bytes: 7, folders: 1, leftOut: 2, unreadable: 0, complete: true }
    expect(await bench.engine.api.previewDrops({ paths })).toEqual({ ...counts, lastPlace: null })
    await drop([at('b')], 'replace', '/shared/x')
    const { lastPlace } = await bench.engine.api.previewDrops({ paths })
    expect(lastPlace).toMatchObject({ bucket: { bucketName: BUCKET }, prefix: 'shared/x/', onConflict: 'replace' })
  })

  it('go a few at once, small ones first', async () => {
    bench.emulator.failNext('upload_file', { kind: 'stall-midway', count: Infinity })
    const large = put('0 large', randomBytes(1_000_001))
    await drop([large, ...Array.from({ length: 6 }, (_, i) => put(`small ${i}`, 'x'))])
    await waitFor('four to be under way', () => view().counts.sending === 4)
    const { rows, counts } = view()
    expect(rows.map(({ phase }) => phase)).toEqual([
      ...Array<string>(4).fill('sending'),
      ...Array<string>(3).fill('waiting'),
    ])
    expect(rows.at(-1)?.fileName).toBe('shared/0 large')
    expect(counts).toMatchObject({ sending: 4, waiting: 3 })
    expect(bench.status()).toMatchObject({ kind: 'sending', files: 7 })
    await bench.engine.api.cancelDrop({})
    bench.emulator.clearFaults()
    await bench.untilStatus('up-to-date')
  })

  it('from a folder keep its names; links and what systems leave behind are left out and counted', async () => {
    for (let i = 0; i < 1200; i += 1) put(`photos/many/${i}`, `${i}`)
    put('photos/in/deep/a.txt', 'deep')
    for (const junk of ['photos/.DS_Store', 'photos/in/.pail-folder']) put(junk, 'junk')
    symlinkSync('deep', at('photos/in/link'))
    symlinkSync('photos', at('way'))
    await drop([at('photos'), at('way')])
    await untilAllDone(1201)
    expect(view()).toMatchObject({ leftOut: 4, counts: { waiting: 0, failed: 0 } })
    expect(view().rows).toHaveLength(100)
    expect(names('shared/photos/in/')).toEqual(['shared/photos/in/deep/a.txt'])
    expect(names('shared/photos/many/')).toHaveLength(1200)
  })

  it.skipIf(hasNoPermissions)('that may not be read fail, each with its reason, until they may', async () => {
    put('dir/locked/b', 'b')
    put('dir/a', 'a')
    await asOrdinaryUser([bench.home], async () => {
      chmodSync(at('dir/locked'), 0o000)
      chmodSync(at('dir/a'), 0o000)
      await drop([at('dir')])
      const folder = await until('shared/dir/locked', 'failed')
      expect(folder.code).toBe('directory_unreadable')
      expect(await until('shared/dir/a', 'failed')).toMatchObject({ code: 'file_unreadable' })
      expect(await bench.untilStatus('problem')).toMatchObject({ problems: 2 })
      const problem = { code: 'file_unreadable', path: `${BUCKET}/shared/dir/a`, scope: 'file' }
      expect(bench.problems()).toContainEqual(problem)
      chmodSync(at('dir/locked'), 0o700)
      await bench.engine.api.retryDrop({ dropId: folder.dropId })
      await until('shared/dir/locked/b', 'done')
      chmodSync(at('dir/a'), 0o600)
      await bench.engine.api.checkNow({})
      await until('shared/dir/a', 'done')
      await bench.untilStatus('up-to-date')
    })
  })
})

describe('a name that is taken', () => {
  beforeEach(async () => {
    const other = await connect(bench.emulator)
    await other.upload(BUCKET, 'shared/photo.jpg', 'theirs')
    bench.emulator.clearCalls()
  })

  it('keeps what it has: the dropped file gets a free one', async () => {
    await drop([put('photo.jpg', 'another size')])
    expect(await until('shared/photo (2).jpg', 'done')).toMatchObject({ wasThere: false })
    await drop([put('b/photo.jpg', 'twelve chars')])
    await until('shared/photo (3).jpg', 'done')
    expect(await text('shared/photo.jpg')).toBe('theirs')
    expect(await text('shared/photo (2).jpg')).toBe('another size')
    expect(bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName.startsWith('shared/'))).toHaveLength(3)
  })

  it('with equal content is what was to be sent', async () => {
    await drop([put('photo.jpg', 'theirs')])
    expect(await until('shared/photo.jpg', 'done')).toMatchObject({ wasThere: true, sizeBytes: 6 })
    expect(writes()).toEqual([])
  })

  it('with other content of the same size is another file', async () => {
    await drop([put('photo.jpg', 'theirz')])
    await until('shared/photo (2).jpg', 'done')
    expect(await text('shared/photo.jpg')).toBe('theirs')
  })

  it('is replaced where the person said so', async () => {
    await drop([put('photo.jpg', 'mine')], 'replace')
    await until('shared/photo.jpg', 'done')
    expect(await text('shared/photo.jpg')).toBe('mine')
  })

  it('is taken by one of two that are dropped together', async () => {
    await drop([put('a/new', 'one'), put('b/new', 'another'), put('c/new', 'three!')])
    await untilAllDone(3)
    const contents = await Promise.all(['new', 'new (2)', 'new (3)'].map((name) => text(`shared/${name}`)))
    expect(contents.sort()).toEqual(['another', 'one', 'three!'])
  })
})

describe('a place', () => {
  it.each(['docs', 'docs/in', '/docs/'])('of a sync folder is refused: %s', async (prefix) => {
    const refused = { code: 'place_is_synced', details: { root: bench.root, place: 'docs/' } }
    await expect(drop([put('a', 'a')], 'keep-both', prefix)).rejects.toMatchObject(refused)
    expect(view().rows).toEqual([])
  })

  it('is refused to a folder that would come to lie there', async () => {
    put('docs/a', 'a')
    await expect(drop([put('b', 'b'), at('docs')], 'keep-both', '')).rejects.toMatchObject({ code: 'place_is_synced' })
    expect(view().counts).toMatchObject({ waiting: 0, done: 0 })
  })

  it('that a sync folder gets meanwhile is left to that', async () => {
    await bench.engine.api.pause(undefined)
    await drop([put('a', 'a')], 'keep-both', 'later')
    mkdirSync(join(bench.home, 'later'))
    await bench.addFolder(join(bench.home, 'later'), 'later/')
    await bench.engine.api.resume(undefined)
    expect(await until('later/a', 'failed')).toMatchObject({ code: 'place_is_synced' })
    expect(names('later/')).toEqual([])
  })

  it.each(['a//b', 'a/../b', '.pail-shares/x'])('that B2 or Pail does not take is refused: %s', async (prefix) => {
    await expect(drop([put('a', 'a')], 'keep-both', prefix)).rejects.toMatchObject({ code: 'prefix_not_allowed' })
  })
})

describe('a large dropped file', () => {
  const content = randomBytes(PARTS * PART)

  async function stopMidway(): Promise<void> {
    bench.emulator.failNext('upload_part', { kind: 'slow', bytesPerSecond: 50_000, skip: 7, count: Infinity })
    await drop([put('large.bin', content)])
    await waitFor('some parts to be there', () => sent('upload_part') >= 7)
  }
  async function expectArrived(name = 'shared/large.bin'): Promise<void> {
    await until(name, 'done')
    expect(sha1Of(await bench.emulator.readFile(BUCKET, name))).toBe(sha1Of(content))
    expect(sent('start_large_file')).toBe(1)
    expect(unfinished()).toEqual([])
  }

  it('goes on after a restart with the parts that are missing, unread by then', async () => {
    await stopMidway()
    expect(bench.status().kind).toBe('sending')
    await bench.stopEngine()
    bench.emulator.clearFaults()
    await atRest()
    const before = sent('upload_part')
    bench.restartEngine()
    listen()
    await expectArrived()
    expect(sent('upload_part') - before).toBeLessThanOrEqual(PARTS - 7)
  })

  it('goes on under the free name that it was begun with, also when its own has become free', async () => {
    const other = await connect(bench.emulator)
    await other.upload(BUCKET, 'shared/large.bin', 'theirs')
    await stopMidway()
    await bench.stopEngine()
    bench.emulator.clearFaults()
    await atRest()
    const [theirs] = bench.emulator.listVisible(BUCKET, 'shared/large.bin')
    await other.call('delete_file_version', { fileName: 'shared/large.bin', fileId: theirs?.fileId ?? '' })
    bench.restartEngine()
    await expectArrived('shared/large (2).bin')
  })

  it('leaves nothing behind in B2 when it is cancelled', async () => {
    await stopMidway()
    const row = await until('shared/large.bin', 'sending')
    expect(row.sentBytes).toBeGreaterThan(0)
    await bench.engine.api.cancelDrop({ dropId: row.dropId })
    expect(view().rows).toEqual([])
    await waitFor('what was begun to be cancelled', () => unfinished().length === 0)
    await bench.untilStatus('up-to-date')
    expect(names()).toEqual([])
  })

  it('leaves nothing behind either when another one is being cancelled in B2', async () => {
    await stopMidway()
    await drop([put('other.bin', content)])
    await waitFor('both to be begun', () => unfinished().length === 2)
    bench.emulator.failNext('cancel_large_file', { kind: 'slow', bytesPerSecond: 50 })
    await bench.engine.api.cancelDrop({ dropId: (await until('shared/large.bin', 'sending')).dropId })
    await waitFor('the first to be cancelled, and its answer to be on its way', () => unfinished().length === 1)
    await bench.engine.api.cancelDrop({ dropId: (await until('shared/other.bin', 'sending')).dropId })
    await waitFor('the other to be cancelled', () => unfinished().length === 0)
  })

  it('fails when it changes while it is sent, and goes whole when it is tried again', async () => {
    await stopMidway()
    appendFileSync(at('large.bin'), 'more')
    bench.emulator.clearFaults()
    await bench.engine.api.pause(undefined)
    await bench.engine.api.resume(undefined)
    const row = await waitFor('an end', () => view().rows.find(({ phase }) => phase === 'failed' || phase === 'done'))
    if (row.phase === 'failed') {
      expect(row.code).toBe('dropped_file_changed')
      await bench.engine.api.retryDrop({ dropId: row.dropId })
    }
    await until('shared/large.bin', 'done')
    const whole = Buffer.concat([content, Buffer.from('more')])
    expect(sha1Of(await bench.emulator.readFile(BUCKET, 'shared/large.bin'))).toBe(sha1Of(whole))
    await waitFor('what was begun first to be cancelled', () => unfinished().length === 0)
  })
})

describe('dropped files wait', () => {
  it('while everything is paused, and what is under way is broken off', async () => {
    bench.emulator.failNext('upload_file', { kind: 'stall-midway' })
    await drop([put('a', 'a')])
    await until('shared/a', 'sending')
    await bench.engine.api.pause(undefined)
    await until('shared/a', 'waiting')
    expect(bench.status()).toMatchObject({ kind: 'paused', files: 1 })
    await atRest()
    const before = writes().length
    await drop([put('b', 'b')])
    await until('shared/b', 'waiting')
    expect(writes().length).toBe(before)
    await bench.engine.api.resume(undefined)
    await untilAllDone(2)
    expect(await text('shared/a')).toBe('a')
  })

  it('without a network, and are taken all the same where the bucket is known', async () => {
    await bench.emulator.setReachable(false)
    await drop([put('a', 'a')])
    await bench.untilStatus('offline')
    expect(await until('shared/a', 'waiting')).toMatchObject({ code: null })
    await bench.emulator.setReachable(true)
    await untilAllDone(1)
    await bench.untilStatus('up-to-date')
  })

  it('while the key is rejected, and go on with another', async () => {
    const key = bench.emulator.createKey({ capabilities: ['listBuckets', 'listFiles', 'writeFiles', 'readFiles'] })
    await bench.connect(key)
    bench.emulator.revokeKey(key.applicationKeyId)
    bench.emulator.expireTokens()
    await drop([put('a', 'a')])
    await bench.untilStatus('problem')
    expect(bench.problems()).toContainEqual({ code: 'key_rejected', path: null, scope: 'account' })
    expect(await until('shared/a', 'waiting')).toMatchObject({ code: null })
    await bench.connect()
    await untilAllDone(1)
  })

  it('over a restart, also as a folder that was not read yet', async () => {
    await bench.engine.api.pause(undefined)
    put('dir/b', 'b')
    await drop([put('a', 'a'), at('dir')])
    await bench.stopEngine()
    bench.restartEngine()
    listen()
    await bench.engine.api.resume(undefined)
    await untilAllDone(2)
    expect(names()).toEqual(['shared/a', 'shared/dir/b'])
  })
})

describe('what goes wrong', () => {
  it('is tried again by itself where it passes', async () => {
    bench.emulator.failNext('upload_file', { status: 503, count: 8 })
    await drop([put('a', 'a')])
    await until('shared/a', 'done')
    expect(await text('shared/a')).toBe('a')
  })

  it('makes one version where only the answer was lost', async () => {
    bench.emulator.failNext('upload_file', { kind: 'cut-after' })
    await drop([put('a', 'a')])
    expect(await until('shared/a', 'done')).toMatchObject({ wasThere: false })
    expect(bench.emulator.fileVersions(BUCKET).filter(({ fileName }) => fileName === 'shared/a')).toHaveLength(1)
  })

  it('is told of a file that is gone, until it is back or no longer wanted', async () => {
    await bench.engine.api.pause(undefined)
    await drop([put('a', 'a'), put('b', 'b'), at('never there')])
    rmSync(at('a'))
    rmSync(at('b'))
    await bench.engine.api.resume(undefined)
    for (const name of ['a', 'b', 'never there']) {
      expect(await until(`shared/${name}`, 'failed')).toMatchObject({ code: 'dropped_file_gone' })
    }
    const row = await until('shared/b', 'failed')
    await bench.engine.api.cancelDrop({ dropId: row.dropId })
    writeFileSync(at('a'), 'back')
    writeFileSync(at('never there'), 'now')
    await bench.engine.api.retryDrop({})
    await untilAllDone(2)
    expect(names()).toEqual(['shared/a', 'shared/never there'])
  })

  it('fails what the key may not do, and says which', async () => {
    const capabilities = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles']
    const key = bench.emulator.createKey({ capabilities, namePrefix: 'docs/' })
    await bench.connect(key)
    await drop([put('a', 'a')])
    const { code } = await until('shared/a', 'failed')
    expect(['bucket_not_allowed', 'capability_missing', 'b2_refused']).toContain(code)
  })
})
