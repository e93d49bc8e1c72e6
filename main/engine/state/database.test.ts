import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isEngineError } from '../../../shared/errors.ts'
import { asOrdinaryUser, hasNoPermissions } from '../../../test/support/permissions.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { openDatabase, sqliteFailure, type Db } from './database.ts'

function open(path: string): Db {
  const db = openDatabase(path)
  onTestFinished(() => void db.close())
  return db
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
    const db = openDatabase(path)
    const version = db.pragma('user_version', { simple: true })
    db.close()
    expect(version).toBeGreaterThanOrEqual(10)
    expect(open(path).pragma('user_version', { simple: true })).toBe(version)
  })

  it('refuses a database of a newer Pail, and leaves it as it is', () => {
    const path = join(tempFolder(), 'pail.db')
    const newer = new Database(path)
    newer.pragma('user_version = 99999')
    newer.close()
    expect(failure(() => openDatabase(path))).toBe('database_unusable')
    const after = new Database(path)
    expect(after.pragma('user_version', { simple: true })).toBe(99_999)
    after.close()
  })

  it('refuses a second engine on the same file, in this process and in another', () => {
    const path = join(tempFolder(), 'pail.db')
    open(path)
    expect(failure(() => openDatabase(path))).toBe('data_folder_in_use')
    const script = `import('${import.meta.dirname}/database.ts').then(({ openDatabase }) => openDatabase('${path}'))
      .then(() => console.log('opened'), (error) => console.log(error.code))`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    expect([stdout.trim(), stderr]).toEqual(['data_folder_in_use', ''])
  })

  it('may be opened again after it was closed', () => {
    const path = join(tempFolder(), 'pail.db')
    openDatabase(path).close()
    expect(open(path).open).toBe(true)
  })

  it('says that a file is damaged which is no database, is cut short, or is damaged inside', () => {
    const folder = tempFolder()
    const nonsense = join(folder, 'nonsense.db')
    writeFileSync(nonsense, 'no database'.repeat(1000))
    const cut = join(folder, 'cut.db')
    const inside = join(folder, 'inside.db')
    for (const path of [cut, inside]) {
      const db = openDatabase(path)
      db.exec('CREATE TABLE t (x); CREATE INDEX i ON t (x)')
      const insert = db.prepare('INSERT INTO t VALUES (?)')
      db.transaction(() => {
        for (let i = 0; i < 5000; i += 1) insert.run(`row ${i}`)
      })()
      db.close()
    }
    const { size } = statSync(cut)
    truncateSync(cut, Math.floor(size / 2))
    const raw = openSync(inside, 'r+')
    writeSync(raw, Buffer.alloc(4096, 0x5a), 0, 4096, Math.floor(size / 8192) * 4096)
    closeSync(raw)
    const codes = [nonsense, cut, inside].map((path) => failure(() => openDatabase(path)))
    expect(codes).toEqual(['database_unusable', 'database_unusable', 'database_unusable'])
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

describe('sqliteFailure', () => {
  it('calls a database that may not grow a full disk, and the step leaves nothing behind', () => {
    const db = open(join(tempFolder(), 'pail.db'))
    db.exec('CREATE TABLE t (x)')
    db.pragma(`max_page_count = ${(db.pragma('page_count', { simple: true }) as number) + 2}`)
    const insert = db.prepare('INSERT INTO t VALUES (?)')
    const fill = db.transaction(() => {
      for (let i = 0; i < 100; i += 1) insert.run('x'.repeat(1000))
    })
    expect(failure(() => fill())).toBe('disk_full')
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
  ])('makes of %s the code %s, with its cause', (sqlite, code) => {
    const cause = new Database.SqliteError('it failed', sqlite)
    expect(sqliteFailure(cause)).toMatchObject({ code, cause })
  })

  it('leaves alone what is a bug', () => {
    const bugs = [new Database.SqliteError('UNIQUE', 'SQLITE_CONSTRAINT_UNIQUE'), new TypeError('x'), 'text']
    expect(bugs.map((bug) => sqliteFailure(bug))).toEqual(bugs)
  })
})
