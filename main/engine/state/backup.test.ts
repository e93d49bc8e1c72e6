import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import pino from 'pino'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isAbortError, isEngineError } from '../../../shared/errors.ts'
import { FakeClock } from '../../../test/support/fake-clock.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { waitFor } from '../../../test/support/wait-for.ts'
import { backUp, startBackups } from './backup.ts'
import { openDatabase, type Db } from './database.ts'

const never = new AbortController().signal

let folder: string
let path: string

beforeEach(() => {
  folder = tempFolder()
  path = join(folder, 'pail.db')
})

/** A database with a table of rows of 1 KB. */
function openWithRows(rows: number): Db {
  const { db } = openDatabase(path)
  onTestFinished(() => void db.close())
  db.exec(
    'CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, filler BLOB); CREATE TABLE IF NOT EXISTS log (id INTEGER)',
  )
  addRows(db, rows)
  return db
}

function addRows(db: Db, rows: number): void {
  const insert = db.prepare('INSERT INTO t (filler) VALUES (randomblob(1000))')
  db.transaction(() => {
    for (let index = 0; index < rows; index += 1) insert.run()
  })()
}

/** Rows in a backup, which has to be a database in one file. */
function rowsIn(file: string, table = 't'): unknown {
  expect(existsSync(`${file}-wal`)).toBe(false)
  const db = new Database(file, { readonly: true })
  try {
    return db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  } finally {
    db.close()
  }
}

async function failure(step: Promise<unknown>): Promise<unknown> {
  try {
    await step
    return 'nothing was thrown'
  } catch (error) {
    return isEngineError(error) ? error.code : error
  }
}

const names = (): readonly string[] => readdirSync(folder).sort()

describe('backUp', () => {
  it('copies what is committed into one file that only its owner may read', async () => {
    const db = openWithRows(50)
    const umask = process.umask(0)
    try {
      await backUp(db, path, never)
    } finally {
      process.umask(umask)
    }
    expect(rowsIn(`${path}.backup`)).toBe(50)
    expect(statSync(`${path}.backup`).mode & 0o777).toBe(0o600)
    expect(names()).toEqual(['pail.db', 'pail.db-wal', 'pail.db.backup'])
  })

  it('keeps the last one, and no more', async () => {
    const db = openWithRows(1)
    for (let round = 0; round < 3; round += 1) {
      await backUp(db, path, never)
      addRows(db, 1)
    }
    expect([rowsIn(`${path}.backup`), rowsIn(`${path}.backup-older`)]).toEqual([3, 2])
    expect(names()).toEqual(['pail.db', 'pail.db-wal', 'pail.db.backup', 'pail.db.backup-older'])
  })

  it('lets others work, and holds all or nothing of what they commit meanwhile', async () => {
    const db = openWithRows(10_000)
    const pair = db.transaction(() => {
      db.exec('INSERT INTO t (filler) VALUES (randomblob(1000)); INSERT INTO log VALUES (1)')
    })
    const done = new AbortController()
    const backup = backUp(db, path, never).finally(() => {
      done.abort()
    })
    while (!done.signal.aborted) {
      pair()
      await nextTurn()
    }
    await backup
    const logged = rowsIn(`${path}.backup`, 'log') as number
    expect(rowsIn(`${path}.backup`)).toBe(10_000 + logged)
    // 12 MB are a dozen steps, with something committed between any two of them.
    expect(logged).toBeGreaterThan(10)
  })

  it('takes no damaged copy', async () => {
    openWithRows(500).close()
    const db = openWithRows(0)
    await backUp(db, path, never)
    const good = readFileSync(`${path}.backup`)
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(40_960, 0x5a), 0, 40_960, 409_600)
    closeSync(file)
    // What SQLite still has in memory is not damaged.
    db.pragma('shrink_memory')
    expect(await failure(backUp(db, path, never))).toBe('database_unusable')
    expect(readFileSync(`${path}.backup`).equals(good)).toBe(true)
    expect(names()).not.toContain('pail.db.backup-older')
    expect(names()).not.toContain('pail.db.backup-unfinished')
  })

  it('ends when it is told to, and leaves what was there', async () => {
    const db = openWithRows(2000)
    await backUp(db, path, never)
    const good = readFileSync(`${path}.backup`)
    addRows(db, 1)
    for (const turnsUntil of [0, 1, 3, 8]) {
      const stop = new AbortController()
      const backup = failure(backUp(db, path, stop.signal))
      for (let turn = 0; turn < turnsUntil; turn += 1) await nextTurn()
      const reason = new Error('it is over')
      stop.abort(reason)
      const error = await backup
      // A check that is broken off says so in its own words.
      expect(error === reason || (turnsUntil > 2 && isAbortError(error)), `after ${turnsUntil} turns`).toBe(true)
      expect(names()).toEqual(['pail.db', 'pail.db-wal', 'pail.db.backup'])
      expect(readFileSync(`${path}.backup`).equals(good)).toBe(true)
    }
  })

  it('begins anew what a killed process has left', async () => {
    const db = openWithRows(10)
    for (const suffix of ['', '-wal', '-journal']) writeFileSync(`${path}.backup-unfinished${suffix}`, 'half of it')
    await backUp(db, path, never)
    expect(rowsIn(`${path}.backup`)).toBe(10)
    expect(names()).toEqual(['pail.db', 'pail.db-wal', 'pail.db.backup'])
  })

  it.runIf(canMountTinyDisk())('does not take the last space of a disk', async () => {
    const disk = mkdtempSync(join(tmpdir(), 'pail-full-disk-'))
    mountTinyDisk(disk)
    const { db } = openDatabase(join(disk, 'pail.db'))
    onTestFinished(() => {
      db.close()
      unmount(disk)
      rmSync(disk, { recursive: true })
    })
    const before = statfsSync(disk).bavail
    writeFileSync(join(disk, 'pail.db.backup'), '')
    expect(await failure(backUp(db, join(disk, 'pail.db'), never))).toBe('disk_full')
    expect(statfsSync(disk).bavail).toBe(before)
    expect(readdirSync(disk).sort()).toEqual(['pail.db', 'pail.db-wal', 'pail.db.backup'])
  })
})

describe('startBackups', () => {
  const HOUR = 3_600_000

  function start(db: Db, random = 0.5) {
    const clock = new FakeClock({ startMs: Date.now() })
    const warnings: unknown[] = []
    const logger = pino({ level: 'warn' }, { write: (line) => void warnings.push(JSON.parse(line)) })
    const backups = startBackups({ db, path, clock, random: () => random, logger })
    onTestFinished(backups.stop)
    return {
      clock,
      warnings,
      backups,
      /** Lets this much time pass, and waits until what it brings is over. */
      async pass(ms: number) {
        clock.advance(ms)
        await waitFor('the next sleep', () => clock.sleeping === 1)
      },
    }
  }

  it('makes the first one some minutes after the start, then one in every hour that changed something', async () => {
    const db = openWithRows(1)
    const { clock, warnings, pass } = start(db)
    expect(clock.sleeps).toEqual([180_000])
    await pass(180_000)
    expect(rowsIn(`${path}.backup`)).toBe(1)
    const first = statSync(`${path}.backup`).ino
    await pass(HOUR)
    expect(statSync(`${path}.backup`).ino).toBe(first)
    addRows(db, 1)
    await pass(HOUR)
    expect([rowsIn(`${path}.backup`), rowsIn(`${path}.backup-older`)]).toEqual([2, 1])
    expect(clock.sleeps).toEqual([180_000, HOUR, HOUR, HOUR])
    expect(warnings).toEqual([])
  })

  it.each([
    ['ten minutes old', 600_000, 3_000_000],
    ['nearly an hour old', HOUR - 1000, 180_000],
    ['of last week', 7 * 24 * HOUR, 180_000],
    ['from the future', -HOUR, 180_000],
  ])('makes the next one when it is time, where the last one is %s', (_, ageMs, waitMs) => {
    const db = openWithRows(1)
    const at = (Date.now() - ageMs) / 1000
    writeFileSync(`${path}.backup`, '')
    utimesSync(`${path}.backup`, at, at)
    const [wait] = start(db).clock.sleeps
    expect(Math.abs((wait ?? 0) - waitMs)).toBeLessThan(10_000)
  })

  it.each([
    [0, 0.75],
    [0.999, 1.2495],
  ])('does not do it in step with others (random %d)', (random, factor) => {
    expect(start(openWithRows(1), random).clock.sleeps).toEqual([180_000 * factor])
  })

  it('warns of one that fails, leaves the last one, and tries again', async () => {
    const db = openWithRows(1)
    const { warnings, pass } = start(db)
    await pass(180_000)
    addRows(db, 1)
    mkdirSync(`${path}.backup-unfinished`)
    await pass(HOUR)
    expect(warnings).toMatchObject([{ msg: 'the database could not be backed up' }])
    expect(rowsIn(`${path}.backup`)).toBe(1)
    rmSync(`${path}.backup-unfinished`, { recursive: true })
    await pass(HOUR)
    expect(rowsIn(`${path}.backup`)).toBe(2)
    expect(warnings).toHaveLength(1)
  })

  it('stops while it waits, and while it works', async () => {
    const db = openWithRows(2000)
    const waiting = start(db)
    await waiting.backups.stop()
    const { clock, backups, warnings } = start(db)
    clock.advance(180_000)
    await nextTurn()
    await backups.stop()
    expect(clock.sleeping).toBe(0)
    expect(warnings).toEqual([])
    expect(names()).toEqual(['pail.db', 'pail.db-wal'])
  })
})
