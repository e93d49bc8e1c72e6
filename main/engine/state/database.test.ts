import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { isEngineError } from '../../../shared/errors.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { canMountTinyDisk, mountTinyDisk, unmount } from '../../../test/support/tiny-disk.ts'
import { seededRandom } from '../../../test/b2-emulator/random.ts'
import { inTransaction, openDatabase, sqliteFailure, type Db } from './database.ts'

function open(path: string): Db {
  const { db } = openDatabase(path)
  onTestFinished(() => void db.close())
  return db
}

/** Runs a script that has `openDatabase` and `path`; it ends with the test, or earlier. */
function runScript(path: string, body: string): ChildProcessByStdio<null, Readable, null> {
  const script = `import { openDatabase } from '${import.meta.dirname}/database.ts'
    const path = ${JSON.stringify(path)}
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Opens the database, says `opened` or the code of what was thrown, and stays until it is killed. */
const openAndStay = `
  try { globalThis.db = openDatabase(path).db; console.log('opened') } catch (error) { console.log(error.code) }
  setInterval(() => undefined, 1e6)`

async function killAndWait(child: ReturnType<typeof runScript>): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function firstLine({ stdout }: ReturnType<typeof runScript>): Promise<string> {
  for await (const line of createInterface(stdout)) return line
  return 'it said nothing'
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

/** The code of what a step throws, as it leaves this room. */
function failure(step: () => unknown): unknown {
  try {
    step()
    return 'nothing was thrown'
  } catch (error) {
    const found = sqliteFailure(error)
    return isEngineError(found) ? found.code : found
  }
}

/** The details of the `EngineError` that a step throws. */
function failureDetails(step: () => unknown): unknown {
  try {
    step()
    return 'nothing was thrown'
  } catch (error) {
    return isEngineError(error) ? error.details : error
  }
}

function overwrite(path: string, offset: number, bytes: number, value = 0x5a): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(bytes, value), 0, bytes, offset)
  closeSync(file)
}

describe('openDatabase', () => {
  it('makes a folder and a file that only their owner may look into, whatever the umask', () => {
    const folder = join(tempFolder(), 'deep/data')
    const umask = process.umask(0)
    try {
      open(join(folder, 'pail.db')).exec('CREATE TABLE t (x); INSERT INTO t VALUES (1)')
    } finally {
      process.umask(umask)
    }
    expect(mode(folder)).toBe('700')
    expect(readdirSync(folder).map((name) => mode(join(folder, name)))).toEqual(['600', '600'])
  })

  it('closes an empty folder that was open to others, and leaves one alone that holds other things', () => {
    const root = tempFolder()
    for (const name of ['empty', 'shared']) mkdirSync(join(root, name), { mode: 0o755 })
    writeFileSync(join(root, 'shared/other'), '')
    for (const name of ['empty', 'shared']) open(join(root, name, 'pail.db'))
    expect([mode(join(root, 'empty')), mode(join(root, 'shared'))]).toEqual(['700', '755'])
    expect(mode(join(root, 'shared/pail.db'))).toBe('600')
  })

  it('writes ahead, syncs every commit and minds foreign keys', () => {
    const db = open(join(tempFolder(), 'pail.db'))
    const pragmas = ['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode']
    expect(pragmas.map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 'exclusive'])
  })

  it('remembers its version and opens again', () => {
    const path = join(tempFolder(), 'pail.db')
    const { db } = openDatabase(path)
    const version = db.pragma('user_version', { simple: true })
    db.close()
    expect(version).toBeGreaterThanOrEqual(10)
    expect(open(path).pragma('user_version', { simple: true })).toBe(version)
  })

  it('refuses a database of a newer Pail and leaves it as it is, even where it is damaged and there is a backup', () => {
    const folder = tempFolder()
    const path = join(folder, 'pail.db')
    open(join(folder, 'other/pail.db')).close()
    copyFileSync(join(folder, 'other/pail.db'), `${path}.backup`)
    const newer = new Database(path)
    newer.exec('CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(100000))')
    newer.pragma('user_version = 99999')
    newer.close()
    overwrite(path, Math.floor(statSync(path).size / 2), 8192)
    const before = readFileSync(path)
    expect(failure(() => openDatabase(path))).toBe('database_unusable')
    expect(failureDetails(() => openDatabase(path))).toEqual({ dataFolder: folder, reason: 'newer' })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).sort()).toEqual(['other', 'pail.db', 'pail.db.backup'])
  })

  it('refuses a second engine on the same file, in this process and in others', async () => {
    const path = join(tempFolder(), 'pail.db')
    const db = open(path)
    expect(failure(() => openDatabase(path))).toBe('data_folder_in_use')
    expect(await firstLine(runScript(path, openAndStay))).toBe('data_folder_in_use')
    db.close()
    expect(await firstLine(runScript(path, openAndStay))).toBe('opened')
    expect(await firstLine(runScript(path, openAndStay))).toBe('data_folder_in_use')
    expect(failure(() => openDatabase(path))).toBe('data_folder_in_use')
  })

  it('is free as soon as the engine that held it is killed', async () => {
    const path = join(tempFolder(), 'pail.db')
    const holder = runScript(path, openAndStay)
    expect(await firstLine(holder)).toBe('opened')
    await killAndWait(holder)
    expect(open(path).open).toBe(true)
  })

  it('may be opened again after it was closed', () => {
    const path = join(tempFolder(), 'pail.db')
    openDatabase(path).db.close()
    expect(open(path).open).toBe(true)
  })

  it('says that the folder cannot be used when it is a file, or the database a directory', () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'pail.db'))
    expect(failure(() => openDatabase(join(folder, 'file/pail.db')))).toBe('data_folder_unusable')
    expect(failure(() => openDatabase(join(folder, 'pail.db')))).toBe('data_folder_unusable')
  })

  it.skipIf(hasNoPermissions)('says that the folder cannot be used when it may not be written', async () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'other'), '')
    await asOrdinaryUser([folder], async () => {
      chmodSync(folder, 0o500)
      expect(failure(() => openDatabase(join(folder, 'pail.db')))).toBe('data_folder_unusable')
    })
  })
})

describe('a database whose process was killed', () => {
  /** Commits numbered steps of one to five rows each, says each number when it is done, and stays. */
  const commitSteps = `
    const { db } = openDatabase(path)
    db.exec('CREATE TABLE steps (step INTEGER, row INTEGER, rows INTEGER, filler BLOB)')
    const insert = db.prepare('INSERT INTO steps VALUES (?, ?, ?, randomblob(200))')
    for (let step = 1; step <= 60; step += 1) {
      const rows = 1 + (step * 7) % 5
      db.transaction(() => { for (let row = 1; row <= rows; row += 1) insert.run(step, row, rows) })()
      console.log(step)
    }
    db.exec('BEGIN; INSERT INTO steps VALUES (1000, 1, 1, zeroblob(200))')
    setInterval(() => undefined, 1e6)`

  /** Kills the process after it has said this number; returns the last one it said. */
  async function killAfter(child: ReturnType<typeof runScript>, step: number): Promise<number> {
    let last = 0
    for await (const line of createInterface(child.stdout)) {
      last = Number(line)
      if (last === step) child.kill('SIGKILL')
    }
    return last
  }

  /** The numbers of the steps that are there, each of them complete. */
  function completeSteps(path: string): readonly number[] {
    const { db, recovered } = openDatabase(path)
    expect(recovered).toBeNull()
    const steps = db.prepare('SELECT step, count(*) AS found, rows FROM steps GROUP BY step ORDER BY step').all()
    db.close()
    return (steps as { step: number; found: number; rows: number }[]).map(({ step, found, rows }) => {
      expect(found).toBe(rows)
      return step
    })
  }

  const firstSteps = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

  it('holds everything that was committed, whole', async () => {
    const path = join(tempFolder(), 'pail.db')
    const last = await killAfter(runScript(path, commitSteps), 33)
    const found = completeSteps(path)
    expect(found).toEqual(firstSteps(found.length))
    expect(found.length).toBeGreaterThanOrEqual(last)
  })

  it('holds a first part of what was committed when the end of its log is torn off or was never written', async () => {
    const folder = tempFolder()
    const path = join(folder, 'pail.db')
    await killAfter(runScript(path, commitSteps), 60)
    const logBytes = statSync(`${path}-wal`).size
    const seed = Date.now() % 1_000_000
    const random = seededRandom(seed)
    const counts: number[] = []
    for (let index = 0; index < 24; index += 1) {
      const torn = join(folder, `torn-${index}.db`)
      const offset = Math.floor(random() * logBytes)
      copyFileSync(path, torn)
      copyFileSync(`${path}-wal`, `${torn}-wal`)
      if (index % 2 === 0) truncateSync(`${torn}-wal`, offset)
      else overwrite(`${torn}-wal`, offset, logBytes - offset, random() < 0.5 ? 0 : 0x5a)
      const found = openedSteps(torn)
      expect(found, `seed ${seed}, cut ${index} at ${offset}`).toEqual(firstSteps(found.length))
      counts.push(found.length)
    }
    // Of 24 cuts, spread over the log, some must have left something and some must have taken something.
    expect(Math.max(...counts), `seed ${seed}`).toBeGreaterThan(0)
    expect(Math.min(...counts), `seed ${seed}`).toBeLessThan(60)
  })

  /** The steps that are there; none where not even the table came to be. */
  function openedSteps(path: string): readonly number[] {
    const { db } = openDatabase(path)
    const hasTable = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'steps'").get() !== undefined
    db.close()
    return hasTable ? completeSteps(path) : []
  }
})

describe.runIf(canMountTinyDisk())('a database on a disk that is nearly full', () => {
  let disk: string

  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'pail-full-disk-'))
    mountTinyDisk(disk)
  })
  afterEach(() => {
    unmount(disk)
    rmSync(disk, { recursive: true })
  })

  function leaveFree(bytes: number): void {
    const ballast = join(disk, 'ballast')
    rmSync(ballast, { force: true })
    const { bavail, bsize } = statfsSync(disk)
    writeFileSync(ballast, Buffer.alloc(bavail * bsize - bytes))
  }

  /** Opens a database with a table of rows of 1 KB, for a test that closes it. */
  function withRows(test: (db: Db, write: (steps: number, rows: number) => void) => void): void {
    const { db } = openDatabase(join(disk, 'pail.db'))
    try {
      db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, filler BLOB)')
      db.pragma('wal_checkpoint(TRUNCATE)')
      const put = db.prepare('INSERT OR REPLACE INTO t VALUES (?, randomblob(1000))')
      test(db, (steps, rows) => {
        for (let step = 0; step < steps; step += 1) inTransaction(db, () => put.run(step % rows))
        expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: rows })
      })
    } finally {
      db.close()
    }
  }

  it('goes on where its log has 2 MB', () => {
    withRows((_, write) => {
      leaveFree(2_000_000)
      write(2000, 300)
    })
  })

  it('goes on with what needs no more space, however short its log has to be', () => {
    withRows((db, write) => {
      write(50, 50)
      db.pragma('wal_checkpoint(TRUNCATE)')
      leaveFree(200_000)
      write(2000, 50)
    })
  })

  it('needs no more space than its content when it was full', () => {
    withRows((_, write) => {
      leaveFree(300_000)
      expect(failure(() => write(2000, 50))).toBe('disk_full')
      leaveFree(150_000)
      write(2000, 50)
    })
  })
})

describe('inTransaction', () => {
  it('undoes a step that fails, and says what made it fail', () => {
    const db = open(join(tempFolder(), 'pail.db'))
    db.exec('CREATE TABLE t (x)')
    const step = (): void => {
      db.exec('INSERT INTO t VALUES (1)')
      throw new TypeError('a bug')
    }
    expect(() => inTransaction(db, step)).toThrow(TypeError)
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 })
  })

  it('fails as a whole when the disk fills up in a step within a step', () => {
    const db = open(join(tempFolder(), 'pail.db'))
    db.exec('CREATE TABLE t (x)')
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 2}`)
    const fill = (): void => {
      db.exec('INSERT INTO t VALUES (zeroblob(100000))')
    }
    const outer = (): void => {
      db.exec('INSERT INTO t VALUES (1)')
      inTransaction(db, fill)
    }
    expect(failure(() => inTransaction(db, outer))).toBe('disk_full')
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 })
  })
})

describe('sqliteFailure', () => {
  it('calls a database that may not grow a full disk, and the step leaves nothing behind', () => {
    const db = open(join(tempFolder(), 'pail.db'))
    db.exec('CREATE TABLE t (x)')
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 2}`)
    const insert = db.prepare('INSERT INTO t VALUES (?)')
    const fill = (): void => {
      for (let i = 0; i < 100; i += 1) insert.run('x'.repeat(1000))
    }
    expect(failure(() => inTransaction(db, fill))).toBe('disk_full')
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 0 })
  })

  it.each([
    ['SQLITE_FULL', 'disk_full'],
    ['SQLITE_IOERR_WRITE', 'disk_full'],
    ['SQLITE_BUSY_RECOVERY', 'data_folder_in_use'],
    ['SQLITE_LOCKED', 'data_folder_in_use'],
    ['SQLITE_CANTOPEN_ISDIR', 'data_folder_unusable'],
    ['SQLITE_READONLY_DBMOVED', 'data_folder_unusable'],
    ['SQLITE_CORRUPT_INDEX', 'database_unusable'],
    ['SQLITE_NOTADB', 'database_unusable'],
    ['SQLITE_IOERR_READ', 'database_unusable'],
    ['SQLITE_IOERR_CORRUPTFS', 'database_unusable'],
  ])('makes of %s the code %s, with its cause', (sqlite, code) => {
    const cause = new Database.SqliteError('it failed', sqlite)
    expect(sqliteFailure(cause)).toMatchObject({ code, cause })
  })

  it('leaves alone what is a bug', () => {
    const unique = new Database.SqliteError('UNIQUE', 'SQLITE_CONSTRAINT_UNIQUE')
    const bugs = [unique, new Database.SqliteError('no memory', 'SQLITE_IOERR_NOMEM'), new TypeError('x'), 'text']
    expect(bugs.map((bug) => sqliteFailure(bug))).toEqual(bugs)
  })
})
