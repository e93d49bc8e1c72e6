/**
 * What the engine makes of records that are gone, damaged or old. Policy: what the bucket holds is found out again, no byte
 * is sent that it holds under that name, and nothing is hidden on the word of records that the bucket does not confirm.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { ActivityVerb } from '../../shared/model/activity.ts'
import { createB2Client } from '../../main/engine/b2/client.ts'
import type { Clock } from '../../main/engine/lib/clock.ts'
import { createWorkedClock } from '../support/worked-clock.ts'
import { BUCKET, bucketIdOf, localTree, openBench, type Bench } from '../support/test-bench.ts'
import { waitFor } from '../support/wait-for.ts'

let bench: Bench

afterEach(async () => {
  await bench.close()
})

const databaseFile = (): string => join(bench.dataFolder, 'pail.db')

function removeDatabase(): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${databaseFile()}${suffix}`, { force: true })
}

/** Where a person might keep a copy of the database, made while the engine does not run. */
const ownCopy = (): string => join(bench.home, 'pail.db of yesterday')

/** Garbage in the middle third. */
function overwriteMiddle(): void {
  const { size } = statSync(databaseFile())
  const file = openSync(databaseFile(), 'r+')
  const bytes = Math.floor(size / 3)
  writeSync(file, Buffer.alloc(bytes, 0x5a), 0, bytes, bytes)
  closeSync(file)
}

function cutInHalf(): void {
  truncateSync(databaseFile(), Math.floor(statSync(databaseFile()).size / 2))
}

async function countOf(verb: ActivityVerb): Promise<number> {
  return (await bench.engine.api.listActivity({ limit: 500 })).filter((row) => row.verb === verb).length
}

/** Waits until the bucket shows exactly this, and the engine says that all is done. */
async function untilRemoteIs(expected: Readonly<Record<string, string>>): Promise<void> {
  const isThere = (): boolean => {
    expect(bench.remote()).toEqual(expected)
    expect(bench.status()).toMatchObject({ kind: 'up-to-date' })
    return true
  }
  await waitFor('the bucket to hold what it should', isThere)
}

/** The same, and it must still be so when everything was looked at again and any deletion would have gone out. */
async function untilRemoteStays(expected: Readonly<Record<string, string>>, delayMs: number): Promise<void> {
  await untilRemoteIs(expected)
  await bench.engine.api.checkNow({})
  const since = bench.clock.now()
  await waitFor('the delay of a deletion to be over', () => bench.clock.now() - since > delayMs)
  await untilRemoteIs(expected)
}

/** Uploads as another program would. */
async function uploadAsSomebodyElse(fileName: string, content: string): Promise<void> {
  const { realm, applicationKeyId, applicationKey } = bench.emulator
  const credentials = { applicationKeyId, applicationKey }
  const client = createB2Client({ realm, ...credentials, clock: bench.clock, random: () => 0, userAgent: 'else/1' })
  try {
    await client.uploadFile({
      bucketId: bucketIdOf(bench.emulator, BUCKET),
      fileName,
      contentLength: content.length,
      srcLastModifiedMillis: 1_700_000_000_000,
      makeBody: async function* () {
        yield Buffer.from(content)
      },
    })
  } finally {
    await client.close()
  }
}

describe('an engine whose database was deleted', () => {
  it('recognises what is in the bucket, sends only what differs, and hides nothing', async () => {
    bench = await openBench()
    const names = Array.from({ length: 30 }, (_, index) => `dir-${index % 3}/file-${index}`)
    for (const name of [...names, 'changed', 'deleted', 'dir-0/deleted']) bench.write(name, `content of ${name}`)
    await bench.begin()
    const before = bench.remote()
    await bench.stopEngine()
    removeDatabase()
    bench.write('changed', 'changed while Pail was off')
    bench.write('added', 'added while Pail was off')
    for (const name of ['deleted', 'dir-0/deleted']) bench.remove(name)
    bench.emulator.clearCalls()

    bench.restartEngine()
    expect(bench.status().kind).toBe('not-set-up')
    await bench.connect()
    await bench.addFolder()

    // Two looks, half a minute apart, and some time to spare.
    await untilRemoteStays({ ...before, ...localTree(bench.root) }, 80_000)
    expect(bench.uploads().toSorted()).toEqual(['added', 'changed'])
    expect(bench.hides()).toEqual([])
    expect(await countOf('adopted')).toBe(names.length)
  })

  it('sends nothing at all when nothing has changed', async () => {
    bench = await openBench({ prefix: 'backup/of this/' })
    for (let index = 0; index < 30; index += 1) bench.write(`dir-${index % 3}/file-${index}`, `content ${index}`)
    await bench.begin()
    await bench.stopEngine()
    removeDatabase()
    bench.emulator.clearCalls()

    bench.restartEngine()
    await bench.connect()
    await bench.addFolder()

    await untilRemoteIs(localTree(bench.root))
    expect(bench.uploads()).toEqual([])
    expect(bench.hides()).toEqual([])
  })
})

/** What the engine waits for before its first backup when `random` is 0, milliseconds. */
const FIRST_BACKUP_MS = 135_000

/** A clock on which the first backup is made when a test wants it. */
function backupClock(): { readonly clock: Clock; readonly backUpNow: () => void } {
  const inner = createWorkedClock(10)
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const sleep: Clock['sleep'] = async (waitMs, signal) => {
    const slept = inner.sleep(waitMs, signal)
    await (waitMs === FIRST_BACKUP_MS ? Promise.race([slept, promise]) : slept)
  }
  return { clock: { ...inner, sleep }, backUpNow: () => resolve(undefined) }
}

describe('an engine whose database is older than what it did', () => {
  /** A folder in sync, a backup of that, then all kinds of changes, first while the engine runs, then while it does not. */
  async function makeHistory(): Promise<void> {
    const { clock, backUpNow } = backupClock()
    bench = await openBench({ clock })
    const before = [
      'changed',
      'changed-twice',
      'deleted',
      'deleted-later',
      'renamed',
      'taken',
      'dir/changed',
      'dir/deleted',
    ]
    for (let index = 0; index < 30; index += 1) bench.write(`dir/same-${index}`, `the same ${index}`)
    for (const name of before) bench.write(name, `first ${name}`)
    await bench.begin()
    backUpNow()
    await waitFor('the first backup', () => existsSync(`${databaseFile()}.backup`))
    await bench.stopEngine()
    copyFileSync(databaseFile(), ownCopy())
    bench.restartEngine()
    await bench.untilInSync()

    for (const name of ['changed', 'changed-twice', 'dir/changed']) bench.write(name, `second ${name}`)
    for (const name of ['added', 'added-deleted', 'dir/added']) bench.write(name, `second ${name}`)
    for (const name of ['deleted', 'dir/deleted', 'taken']) bench.remove(name)
    renameSync(bench.path('renamed'), bench.path('has another name'))
    await bench.untilInSync()
    await bench.stopEngine()

    bench.write('changed-twice', 'third changed-twice')
    bench.write('added-later', 'third added-later')
    for (const name of ['deleted-later', 'added-deleted']) bench.remove(name)
    await uploadAsSomebodyElse('taken', 'not from here')
    bench.emulator.clearCalls()
  }

  /** Of all that is gone from disk, the records know one file, and the bucket confirms that it is as they say. */
  async function expectToConverge(): Promise<void> {
    const { 'added-deleted': forgotten = '', taken = '' } = bench.remote()
    bench.restartEngine()
    expect(bench.engine.snapshot().folders.map(({ root }) => root)).toEqual([bench.root])
    // The deletion that is right has gone out by then; a wrong one would have, or soon would.
    await untilRemoteStays({ ...localTree(bench.root), 'added-deleted': forgotten, taken }, 40_000)
    expect(bench.uploads().toSorted()).toEqual(['added-later', 'changed-twice'])
    expect(bench.hides()).toEqual(['deleted-later'])
  }

  it.each([
    ['overwritten in the middle', overwriteMiddle],
    ['cut short', cutInHalf],
  ])('because it was %s and its backup took its place converges, and says so', async (_, harm) => {
    await makeHistory()
    harm()
    await expectToConverge()
    expect(await countOf('records-recovered')).toBe(1)
    expect(readdirSync(bench.dataFolder).filter((name) => name.startsWith('pail.db.damaged-'))).toHaveLength(1)
  })

  it.each([
    ['one of its backups', () => `${databaseFile()}.backup`],
    ['a copy of their own', ownCopy],
  ])('because somebody has put back %s converges', async (_, source) => {
    await makeHistory()
    copyFileSync(source(), databaseFile())
    await expectToConverge()
    expect(await countOf('records-recovered')).toBe(0)
  })
})

describe('an engine whose database is damaged and has no backup', () => {
  it.each([
    ['overwritten in the middle', overwriteMiddle],
    ['cut short', cutInHalf],
  ])('because it was %s begins anew and says so, and sends nothing twice', async (_, harm) => {
    bench = await openBench()
    for (let index = 0; index < 30; index += 1) bench.write(`file-${index}`, `content ${index}`)
    await bench.begin()
    await bench.stopEngine()
    harm()
    bench.emulator.clearCalls()

    bench.restartEngine()
    expect(bench.status().kind).toBe('not-set-up')
    expect(await countOf('records-begun-anew')).toBe(1)
    expect(readdirSync(bench.dataFolder).filter((name) => name.startsWith('pail.db.damaged-'))).toHaveLength(1)
    await bench.connect()
    await bench.addFolder()

    await untilRemoteIs(localTree(bench.root))
    expect(bench.uploads()).toEqual([])
    expect(bench.hides()).toEqual([])
  })
})
